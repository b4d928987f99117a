using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;

namespace Portal.Api.Tests.Branding;

/// <summary>Image files as people, and others, upload them.</summary>
internal static class ImageFiles
{
    /// <summary>Left half red, right half blue.</summary>
    public static byte[] Still(int width, int height, SKEncodedImageFormat format)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width, height));
        surface.Canvas.Clear(SKColors.Red);
        using var blue = new SKPaint { Color = SKColors.Blue };
        surface.Canvas.DrawRect(width / 2f, 0, width / 2f, height, blue);
        using var data = surface.Snapshot().Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>An APP1 segment with a TIFF header and one entry, tag 274 (Exif 2.32), then a comment with somebody's place.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
    [
        .. jpeg[..2], 0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0,
        0xFF, 0xFE, 0, 20, .. "26.2041S, 28.0473E"u8, .. jpeg[2..],
    ];

    /// <summary>Two frames of a second each: the extended file format of WebP, with the frames' data from still ones.</summary>
    public static byte[] AnimatedWebp()
    {
        byte[] canvas = [7, 0, 0, 7, 0, 0]; // 8 × 8, one less each
        byte[] frame = [0, 0, 0, 0, 0, 0, .. canvas, 0xE8, 3, 0, 0, .. Still(8, 8, SKEncodedImageFormat.Webp)[12..]];
        byte[] body =
        [
            .. "WEBP"u8, .. Riff("VP8X"u8, [2, 0, 0, 0, .. canvas]), .. Riff("ANIM"u8, [0, 0, 0, 0, 0, 0]), .. Riff("ANMF"u8, frame), .. Riff("ANMF"u8, frame),
        ];
        return Riff("RIFF"u8, body);
    }

    /// <summary>A PNG whose second picture players of APNG would show.</summary>
    public static byte[] AnimatedPng()
    {
        var still = Still(8, 8, SKEncodedImageFormat.Png);
        byte[] control = [0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 0, 100, 0, 0];
        byte[] pixels = Deflated(new byte[8 * (1 + (8 * 4))]);
        return Insert(still, "IDAT", [.. Chunk("acTL"u8, [0, 0, 0, 2, 0, 0, 0, 0]), .. Chunk("fcTL"u8, [0, 0, 0, 0, .. control])],
            [.. Chunk("fcTL"u8, [0, 0, 0, 1, .. control]), .. Chunk("fdAT"u8, [0, 0, 0, 2, .. pixels])]);
    }

    /// <summary>A PNG with a text chunk that unpacks to so many bytes.</summary>
    public static byte[] WithPackedText(int bytes) => Insert(Still(8, 8, SKEncodedImageFormat.Png), "IDAT", Chunk("zTXt"u8, [.. "Comment\0\0"u8, .. Deflated(new byte[bytes])]), []);

    /// <summary>A PNG whose head promises a size that no memory holds.</summary>
    public static byte[] Promising(int width, int height)
    {
        var still = Still(8, 8, SKEncodedImageFormat.Png);
        byte[] head = new byte[13];
        still.AsSpan(16, 13).CopyTo(head);
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        return [.. still[..8], .. Chunk("IHDR"u8, head), .. still[33..]];
    }

    private static byte[] Riff(ReadOnlySpan<byte> name, byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        return [.. name, .. length, .. content, .. new byte[content.Length % 2]];
    }

    private static byte[] Insert(byte[] png, string name, byte[] before, byte[] after)
    {
        List<byte> file = [.. png[..8]];
        for (var at = 8; at < png.Length;)
        {
            var length = 12 + BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var found = System.Text.Encoding.ASCII.GetString(png, at + 4, 4) == name;
            file.AddRange([.. found ? before : [], .. png[at..(at + length)], .. found ? after : []]);
            at += length;
        }

        return [.. file];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] content)
    {
        byte[] named = [.. name, .. content];
        byte[] length = new byte[4], check = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc32(named));
        return [.. length, .. named, .. check];
    }

    // PNG (ISO/IEC 15948) annex D.
    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }

    private static byte[] Deflated(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.SmallestSize)) deflate.Write(bytes);
        return packed.ToArray();
    }
}
