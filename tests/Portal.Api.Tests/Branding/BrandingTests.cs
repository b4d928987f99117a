using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Portal.Contracts.Audit;
using Portal.Contracts;
using Portal.Contracts.Branding;
using Portal.Testing;
using SkiaSharp;

namespace Portal.Api.Tests.Branding;

public sealed class BrandingTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task An_admin_gives_the_portal_a_name_and_a_colour_and_everybody_sees_them()
    {
        using var admin = await api.AdminAsync();
        using var changed = await admin.PutAsJsonAsync("/api/branding", new BrandingRequest(" Acme Foods ", "#0B5D7A"));
        Assert.Equal(new BrandingItem("Acme Foods", "#0b5d7a"), (await changed.ReadAsync<BrandingItem>()) with { Logo = null });

        using var nobody = api.Client();
        var seen = await (await nobody.GetAsync("/api/branding")).ReadAsync<BrandingItem>();
        Assert.Equal(("Acme Foods", "#0b5d7a"), (seen.Name, seen.Colour));
        var audit = await (await admin.GetAsync("/api/audit?limit=20")).ReadAsync<Page<AuditItem>>();
        Assert.Contains(audit.Items, entry => entry.Action == "branding.changed" && entry.Subject == "Acme Foods");
    }

    [PostgresTheory]
    [InlineData("", "#0b5d7a", "name")]
    [InlineData("   ", null, "name")]
    [InlineData("A\u0007cme", null, "name")]
    [InlineData("Acme", "blue", "colour")]
    [InlineData("Acme", "#0b5d7", "colour")]
    [InlineData("Acme", "url(javascript:alert(1))", "colour")]
    public async Task A_name_and_a_colour_that_make_no_sense_are_refused_by_field(string name, string? colour, string field)
    {
        using var admin = await api.AdminAsync();
        using var answer = await admin.PutAsJsonAsync("/api/branding", new { name, colour });
        await answer.InvalidAsync(field);
    }

    [PostgresTheory]
    [InlineData(SKEncodedImageFormat.Png, "image/png")]
    [InlineData(SKEncodedImageFormat.Jpeg, "image/jpeg")]
    [InlineData(SKEncodedImageFormat.Webp, "image/webp")]
    public async Task A_logo_is_drawn_anew_as_png_no_larger_than_it_is_shown_and_nothing_else_of_the_file_remains(SKEncodedImageFormat format, string type)
    {
        using var admin = await api.AdminAsync();
        byte[] upload = [.. ImageFiles.Still(1_200, 300, format), .. "<script>alert(1)</script>"u8];
        var logo = (await (await PutLogoAsync(admin, upload, type)).ReadAsync<BrandingItem>()).Logo!;

        using var nobody = api.Client();
        using var answer = await nobody.GetAsync(logo);
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal($"\"{logo.Split('/')[^1]}\"", answer.Headers.ETag!.Tag);
        var kept = await answer.Content.ReadAsByteArrayAsync();
        Assert.DoesNotContain("script", System.Text.Encoding.Latin1.GetString(kept), StringComparison.Ordinal);
        using var image = SKBitmap.Decode(kept);
        Assert.Equal((640, 160), (image.Width, image.Height));
        Assert.Single(Directory.GetFiles(api.BrandingPath)); // the one before is gone
    }

    [PostgresFact]
    public async Task A_photographed_logo_stands_upright()
    {
        using var admin = await api.AdminAsync();
        // Left half red, right half blue, turned by the camera: 6 is "rotate by 90° clockwise to show it".
        using var answer = await PutLogoAsync(admin, ImageFiles.WithOrientation(ImageFiles.Still(40, 20, SKEncodedImageFormat.Jpeg), 6), "image/jpeg");
        using var image = SKBitmap.Decode(await (await admin.GetAsync((await answer.ReadAsync<BrandingItem>()).Logo)).Content.ReadAsByteArrayAsync());
        Assert.Equal((20, 40), (image.Width, image.Height));
        Assert.True(image.GetPixel(10, 5).Red > 200 && image.GetPixel(10, 35).Blue > 200);
    }

    [PostgresFact]
    public async Task What_is_no_still_image_of_a_known_kind_is_refused_and_the_logo_stays()
    {
        using var admin = await api.AdminAsync();
        var before = (await (await PutLogoAsync(admin, ImageFiles.Still(10, 10, SKEncodedImageFormat.Png), "image/png")).ReadAsync<BrandingItem>()).Logo;
        var png = ImageFiles.Still(200, 200, SKEncodedImageFormat.Png);
        foreach (var (bad, says) in ((byte[], string)[])
            [
                ([], "PNG, JPEG or WebP"), ([.. "<svg xmlns='http://www.w3.org/2000/svg'/>"u8], "PNG, JPEG or WebP"), ([.. "GIF89a"u8, .. new byte[40]], "PNG, JPEG or WebP"),
                (png[..(png.Length / 2)], "damaged"), ([.. png[..8], .. new byte[200]], "damaged"), (ImageFiles.Still(5_000, 2, SKEncodedImageFormat.Png), "4096"),
            ])
        {
            using var answer = await PutLogoAsync(admin, bad, "image/png");
            var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
            Assert.Contains(says, problem.GetProperty("errors").GetProperty("logo")[0].GetString(), StringComparison.Ordinal);
        }

        using var text = await PutLogoAsync(admin, png, "image/svg+xml");
        await text.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        using var large = await PutLogoAsync(admin, new byte[BrandingRules.MaxLogoBytes + 1], "image/png");
        await large.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
        Assert.Equal(before, (await (await admin.GetAsync("/api/branding")).ReadAsync<BrandingItem>()).Logo);
        foreach (var path in (string[])["..%2f..%2fetc%2fpasswd", new string('a', 64), "A" + new string('b', 63)])
            Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/api/branding/logo/" + path)).StatusCode);
    }

    [PostgresFact]
    public async Task A_logo_whose_volume_is_gone_is_not_shown_and_the_log_says_where_to_look()
    {
        using var admin = await api.AdminAsync();
        using var put = await PutLogoAsync(admin, ImageFiles.Still(30, 30, SKEncodedImageFormat.Png), "image/png");
        Directory.Delete(api.BrandingPath, recursive: true);
        Assert.Null((await (await admin.GetAsync("/api/branding")).ReadAsync<BrandingItem>()).Logo);
        Assert.Contains(api.Log.All, line => line.Contains("is the volume with it mounted?", StringComparison.Ordinal));

        await File.WriteAllTextAsync(api.BrandingPath, "in the way");
        using var refused = await PutLogoAsync(admin, ImageFiles.Still(30, 31, SKEncodedImageFormat.Png), "image/png");
        var problem = await refused.ProblemAsync(HttpStatusCode.Conflict, "not-kept");
        Assert.Contains("Branding__Path", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        File.Delete(api.BrandingPath);
        using var again = await PutLogoAsync(admin, ImageFiles.Still(30, 31, SKEncodedImageFormat.Png), "image/png");
        Assert.NotNull((await again.ReadAsync<BrandingItem>()).Logo);

        using var removed = await admin.DeleteAsync("/api/branding/logo");
        Assert.Null((await removed.ReadAsync<BrandingItem>()).Logo);
        Assert.Empty(Directory.GetFiles(api.BrandingPath));
    }

    private static async Task<HttpResponseMessage> PutLogoAsync(HttpClient client, byte[] file, string type)
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        return await client.PutAsync("/api/branding/logo", content);
    }
}
