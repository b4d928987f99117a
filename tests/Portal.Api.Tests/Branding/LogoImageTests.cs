using System.Text;
using Portal.Api.Branding;
using Portal.Contracts.Branding;
using SkiaSharp;

namespace Portal.Api.Tests.Branding;

/// <summary>What comes out of the one place where a stranger's file meets a decoder.</summary>
public sealed class LogoImageTests
{
    [Fact]
    public void Of_a_photograph_nothing_remains_but_its_pixels()
    {
        var kept = Taken(ImageFiles.WithOrientation(ImageFiles.Still(40, 20, SKEncodedImageFormat.Jpeg), 6));

        Assert.DoesNotContain("26.2041S", Encoding.Latin1.GetString(kept.Png), StringComparison.Ordinal);
        Assert.DoesNotContain("Exif", Encoding.Latin1.GetString(kept.Png), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_hidden_behind_the_picture_is_left_behind()
    {
        byte[] both = [.. ImageFiles.Still(16, 16, SKEncodedImageFormat.Png), .. "<html><script>alert(1)</script>"u8, .. "PK\u0003\u0004"u8];

        Assert.DoesNotContain("script", Encoding.Latin1.GetString(Taken(both).Png), StringComparison.Ordinal);
    }

    [Fact]
    public void An_animated_webp_is_refused_and_of_an_animated_png_at_most_its_first_picture_is_kept()
    {
        Assert.Contains("animated", Refused(ImageFiles.AnimatedWebp()), StringComparison.Ordinal);

        if (LogoImage.TryRead(ImageFiles.AnimatedPng(), out var error) is { } kept) Assert.DoesNotContain("fdAT", Encoding.Latin1.GetString(kept.Png), StringComparison.Ordinal);
        else Assert.Contains("animated", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000_000, 1_000_000)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(BrandingRules.MaxLogoPixels + 1, 8)]
    [InlineData(8, BrandingRules.MaxLogoPixels + 1)]
    [InlineData(0, 8)]
    [InlineData(-1, 8)]
    public void A_file_that_promises_more_pixels_than_are_taken_is_refused_before_memory_is_given_to_it(int width, int height)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.NotEmpty(Refused(ImageFiles.Promising(width, height)));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_small_file_of_very_many_pixels_is_kept_small()
    {
        var file = ImageFiles.Still(BrandingRules.MaxLogoPixels, BrandingRules.MaxLogoPixels, SKEncodedImageFormat.Png);
        Assert.True(file.Length < BrandingRules.MaxLogoBytes);

        using var image = SKBitmap.Decode(Taken(file).Png);

        Assert.Equal((256, 256), (image.Width, image.Height));
    }

    [Fact]
    public void A_text_that_unpacks_to_very_much_is_not_kept() => Assert.True(Taken(ImageFiles.WithPackedText(64 << 20)).Png.Length < 2_000);

    [Fact]
    public void A_jpeg_of_thousands_of_passes_is_refused_before_any_is_drawn()
    {
        byte[] file = [.. ImageFiles.Still(16, 16, SKEncodedImageFormat.Jpeg)[..^2], .. Enumerable.Range(0, 200).SelectMany(_ => (byte[])[0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0])];

        Assert.Contains("too many passes", Refused(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [InlineData("<!DOCTYPE html><script>alert(1)</script>")]
    [InlineData("GIF89a<script>")]
    [InlineData("BM<script>")]
    [InlineData("")]
    public void What_only_says_that_it_is_a_picture_meets_no_decoder(string text) => Assert.Contains("PNG, JPEG or WebP", Refused(Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_file_spoilt_anywhere_is_taken_or_refused_and_ends_nothing(SKEncodedImageFormat format)
    {
        var random = new Random(20_261);
        for (var round = 0; round < 300; round++)
        {
            var file = ImageFiles.Still(24, 24, format);
            for (var flips = random.Next(1, 8); flips > 0; flips--) file[random.Next(file.Length)] = (byte)random.Next(256);
            file = file[..random.Next(1, file.Length + 1)];

            var kept = LogoImage.TryRead(file, out var error);

            Assert.True(kept is null == error is not null);
        }
    }

    private static LogoImage Taken(byte[] file) => LogoImage.TryRead(file, out var error) ?? throw new InvalidOperationException(error);

    private static string Refused(byte[] file)
    {
        Assert.Null(LogoImage.TryRead(file, out var error));
        return error!;
    }
}
