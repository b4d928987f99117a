using System.Security.Cryptography;
using Portal.Contracts.Branding;
using SkiaSharp;

namespace Portal.Api.Branding;

/// <summary>A logo as it is kept: drawn anew as PNG, so that nothing of the uploaded file but its pixels remains.</summary>
/// <param name="Png">The file.</param>
internal sealed record LogoImage(byte[] Png)
{
    /// <summary>Digits of <see cref="Name"/>.</summary>
    public const int NameLength = 64;

    // Twice what the widest place shows, for dense screens.
    private const int KeptWidth = 640;
    private const int KeptHeight = 256;

    // A progressive JPEG has some ten. Each makes the decoder go over all pixels again, so a small file of thousands would keep it busy for minutes.
    private const int MaxScans = 100;

    /// <summary>SHA-256 of the file in hexadecimal digits.</summary>
    public string Name { get; } = Convert.ToHexStringLower(SHA256.HashData(Png));

    /// <summary>Reads an uploaded PNG, JPEG or WebP.</summary>
    /// <param name="error">Why it can't be taken, and what to do; null where it can.</param>
    public static LogoImage? TryRead(byte[] file, out string? error)
    {
        error = null;
        if (!HasKnownSignature(file))
        {
            error = "Must be a PNG, JPEG or WebP image. Save it as one of these and upload it again.";
            return null;
        }

        if (Scans(file) > MaxScans)
        {
            error = "The image is drawn in too many passes. Save it as PNG and upload that.";
            return null;
        }

        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Webp))
            error = "The image is damaged: it can't be read. Save it again and upload that.";
        else if (codec.Info.Width > BrandingRules.MaxLogoPixels || codec.Info.Height > BrandingRules.MaxLogoPixels)
            error = $"The image has {codec.Info.Width} × {codec.Info.Height} pixels. Make it at most {BrandingRules.MaxLogoPixels} wide and high.";
        else if (codec.FrameCount > 1)
            error = "The image is animated. Upload a still one.";
        if (error is not null) return null;

        using var decoded = Decode(codec!);
        if (decoded is null)
        {
            error = "The image is damaged: it ends before its last pixel. Save it again and upload that.";
            return null;
        }

        using var drawn = Draw(decoded, codec!.EncodedOrigin);
        using var png = drawn.Encode(SKEncodedImageFormat.Png, 100);
        return new LogoImage(png.ToArray());
    }

    // Before any decoder sees the file: the library knows more formats than anybody needs here.
    private static bool HasKnownSignature(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        || IsJpeg(file)
        || (file.Length > 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8));

    // Starts of scans (ITU-T T.81, marker SOS). Within a scan this pair of bytes can't occur; what stands elsewhere is counted too, which does no harm.
    private static int Scans(ReadOnlySpan<byte> file) => IsJpeg(file) ? file.Count((ReadOnlySpan<byte>)[0xFF, 0xDA]) : 0;

    private static bool IsJpeg(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    private static SKBitmap? Decode(SKCodec codec)
    {
        var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) == SKCodecResult.Success) return bitmap;
        bitmap.Dispose();
        return null;
    }

    // As people saw it before: a camera says apart which way is up.
    private static SKImage Draw(SKBitmap bitmap, SKEncodedOrigin origin)
    {
        var turned = origin >= SKEncodedOrigin.LeftTop;
        var (width, height) = turned ? (bitmap.Height, bitmap.Width) : (bitmap.Width, bitmap.Height);
        var scale = Math.Min(1f, Math.Min((float)KeptWidth / width, (float)KeptHeight / height));
        using var surface = SKSurface.Create(new SKImageInfo(Math.Max(1, (int)(width * scale)), Math.Max(1, (int)(height * scale)), SKColorType.Rgba8888, SKAlphaType.Premul));
        surface.Canvas.Clear(SKColors.Transparent);
        surface.Canvas.Scale(scale);
        surface.Canvas.Concat(Upright(origin, width, height));
        using var image = SKImage.FromBitmap(bitmap);
        surface.Canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKCubicResampler.Mitchell));
        return surface.Snapshot();
    }

    // Exif 2.32, tag 274. Width and height are those of the upright image.
    private static SKMatrix Upright(SKEncodedOrigin origin, int width, int height) => origin switch
    {
        SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new SKMatrix(0, -1, width, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, width, -1, 0, height, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, height, 0, 0, 1),
        _ => SKMatrix.Identity,
    };
}
