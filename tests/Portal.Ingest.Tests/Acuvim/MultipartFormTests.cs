using System.Text;
using Portal.Domain.Decoding;
using Portal.Ingest.Acuvim;

namespace Portal.Ingest.Tests.Acuvim;

public sealed class MultipartFormTests
{
    private const string AsPosted =
        "--b1\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nupload\r\n"
        + "--b1\r\nContent-Disposition: form-data; name=\"datasource\"\r\n\r\nAN1/AcuvimII\r\n"
        + "--b1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"1.json\"\r\nContent-Type: text/json\r\n\r\n{\"a\":\r\n1}\r\n--b1--\r\n";

    [Fact]
    public void A_form_as_modules_post_it() => Assert.Equal("action=upload|datasource=AN1/AcuvimII|file*={\"a\":\r\n1}", Read(AsPosted));

    [Fact]
    public void Line_feeds_alone_will_do() =>
        Assert.Equal("action=upload|datasource=AN1/AcuvimII|file*={\"a\":\n1}", Read(AsPosted.Replace("\r\n", "\n", StringComparison.Ordinal)));

    [Fact]
    public void Names_without_quotes_and_in_any_case() =>
        Assert.Equal("file*=x", Read("--b1\r\ncontent-disposition: form-data; filename=1.csv; NAME=file\r\n\r\nx\r\n--b1--"));

    [Fact]
    public void A_form_cut_off_ends_with_its_last_part() =>
        Assert.Equal("file=half a fi", Read("--b1\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf a fi"));

    [Theory]
    [InlineData("{\"timestamp\":1764959040,\"device\":{\"serial\":\"A\",\"readings\":[]}}")] // its firmware leaves the closing boundary out
    [InlineData("Data Log 1,\r\nNo.,Time Stamp,Ep_Imp [kWh],\r\n1,2025-12-05 18:24:00 ,36854.5 ,\r\n")]
    [InlineData("Data Log 1,\r\nNo.,Time Stamp,Ep_Imp [kWh],\r\n1,2025-12-05 18:24:00 ,36854.5 ,")]
    public void A_form_that_does_not_say_where_it_ends_is_taken_where_its_last_file_does(string file)
    {
        var body = Encoding.UTF8.GetBytes(Unclosed("file", "1.csv", file));
        Assert.False(MultipartForm.TryRead(body)!.IsClosed);
        Assert.True(MultipartForm.TryRead(Encoding.UTF8.GetBytes(Unclosed("file", "1.csv", file) + "\r\n--b1--"))!.IsClosed);
        _ = AcuvimReceiver.Decode(body, null);
    }

    [Theory]
    [InlineData("file", "2.json", "{\"timestamp\":17649590")]
    [InlineData("file", "2.json", "")]
    [InlineData("file", "2.csv", "Data Log 1,\r\nNo.,Time Stamp,Ep_Imp [kWh],\r\n1,2025-12-05 18:24:00 ,368")]
    [InlineData("file", "2.csv", "Data Log 1,\r\nNo.,Time Stamp,Ep_I")]
    [InlineData("datasource", null, "AN1")] // of AN12345
    public void A_form_that_is_cut_off_in_its_last_part_is_refused_as_a_whole(string name, string? fileName, string content)
    {
        const string whole = "{\"timestamp\":1764959040,\"device\":{\"serial\":\"A\",\"readings\":[{\"param\":\"F\",\"value\":50}]}}";
        var first = Unclosed("file", "1.json", whole) + "\r\n";

        var refused = Assert.Throws<UnreadablePostException>(() => AcuvimReceiver.Decode(Encoding.UTF8.GetBytes(first + Unclosed(name, fileName, content)), null));

        Assert.Contains("cut off", refused.Message, StringComparison.Ordinal);
        // One that is whole keeps what can be read of it: the module's own file was cut when its power went.
        if (name == "file") Assert.NotEqual(0, AcuvimReceiver.Decode(Encoding.UTF8.GetBytes(first + Unclosed(name, fileName, content) + "\r\n--b1--"), null).Batch.Count);
    }

    [Fact]
    public void The_boundary_within_a_line_is_content() =>
        Assert.Equal("file=a --b1 b\n--b1x\nc", Read("--b1\nContent-Disposition: form-data; name=\"file\"\n\na --b1 b\n--b1x\nc\n--b1--"));

    [Fact]
    public void A_part_may_be_empty() =>
        Assert.Equal("a=|b=", Read("--b1\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--b1\r\nContent-Disposition: form-data; name=b\r\n\r\n--b1--"));

    [Fact]
    public void A_part_without_headers_has_no_name() =>
        Assert.Equal("a=1|=2", Read("--b1\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b1\r\n\r\n2\r\n--b1--"));

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("{\"a\":1}")]
    [InlineData("--")]
    [InlineData("--b1")]
    [InlineData("--b1\r\n")]
    [InlineData("---- ,1,2\n3,4")]
    public void Something_else_is_no_form(string body) => Assert.Null(MultipartForm.TryRead(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void More_parts_than_the_limit_are_not_read()
    {
        var part = "--b1\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n";
        var form = MultipartForm.TryRead(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, MultipartForm.MaxParts + 5)) + "--b1--"))!;
        Assert.True(form.IsTooLong);
        Assert.Equal(MultipartForm.MaxParts, form.Parts.Count);

        form = MultipartForm.TryRead(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, MultipartForm.MaxParts)) + "--b1--"))!;
        Assert.False(form.IsTooLong);
    }

    [Fact]
    public void Mutations_never_throw()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(AsPosted).ToList();
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(3))
                {
                    case 0:
                        bytes.RemoveAt(at);
                        break;
                    case 1:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    default:
                        bytes.Insert(at, "\r\n-:;=\""u8[random.Next(7)]);
                        break;
                }
            }

            var body = bytes.ToArray();
            foreach (var part in MultipartForm.TryRead(body)?.Parts ?? [])
            {
                _ = body[part.Content];
            }
        }
    }

    private static string Unclosed(string name, string? fileName, string content) =>
        $"--b1\r\nContent-Disposition: form-data; name=\"{name}\"{(fileName is null ? "" : $"; filename=\"{fileName}\"")}\r\n\r\n{content}";

    private static string Read(string body)
    {
        var form = MultipartForm.TryRead(Encoding.UTF8.GetBytes(body));
        Assert.NotNull(form);
        return string.Join('|', form.Parts.Select(part => $"{part.Name}{(part.IsFile ? "*" : "")}={Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(body)[part.Content])}"));
    }
}
