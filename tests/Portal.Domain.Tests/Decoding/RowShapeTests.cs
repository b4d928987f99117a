using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Portal.Domain.Decoding;

namespace Portal.Domain.Tests.Decoding;

/// <summary>
/// Rows that look like the ones before are read in another way than the first one of a post. Whatever is posted, both ways must read the same, so
/// each row by itself is what a post of several is compared with, and .NET's reader says what is JSON and where it isn't.
/// </summary>
public sealed class RowShapeTests
{
    private static readonly string[] Spaces = ["", "", "", " ", "\n    ", "\t", "\r\n"];

    private static readonly string[] Names =
    [
        "frequencyHz", "voltage1V", "activePowerKw", "energyImportKwh", "loadType", "VOLTAGE1V", "voltage1\\u0056", "something", "Zähler", "", "a b", "x\\\"y",
    ];

    private static readonly string[] Values =
    [
        "0", "-0", "1", "230.41", "-12.5", "0.1", "49.999", "123456789012345", "999999999999999.9", "0.9876543210123456789", "1000000.37", "230.41000366210938",
        "1e2", "1E-2", "2.5e+3", "9e400", "1e-400", "0e0", "5e-324", "99999999999999999999999", "0.000000000000000000001", "-0.0", "4.35", "1.7976931348623157e308",
        "\"230.41\"", "\" 1.5 \"", "\"nan\"", "\"-NaN\"", "\"inf\"", "\"----\"", "\"\"", "\"L\"", "\"c\"", "82", "\"1,234\"", "\"1\\u0032\"", "\"007\"", "\"ü\"",
        "null", "true", "false", "{}", "[1,[2]]", "{\"a\":\"}\"}",
    ];

    private static readonly string[] Times =
    [
        "\"2026-11-23T10:00:00Z\"", "\"2026-11-23T10:00:00.25Z\"", "\"2026-11-23T12:00:00+02:00\"", "1764000000", "1764000000.25", "\"1764000000\"", "1.764e9",
        "\"2026-11-23 10:00\"", "\"2026-02-30T10:00:00Z\"", "\"yesterday\"", "null", "7", "{}", "\"2026-11-23T10:00:0\\u0030Z\"",
    ];

    // What is no JSON, or only nearly: it takes the place of a value or of what is between two.
    private static readonly string[] Broken =
    [
        "", "-", "+1", ".5", "5.", "01", "-01", "1.e2", "1e", "1e+", "0x10", "NaN", "Infinity", "nul", "nullx", "TRUE", "\"open", "\"\\x\"", "\"\\u12\"", "\"a\nb\"",
        "1 2", "1,", ",1", "{", "[", "]", "}", "1}", "\"a\"\"b\"", "'1'", "1/**/", "\0",
    ];

    [Property(MaxTest = 3_000)]
    public void Rows_of_a_post_are_read_as_each_by_itself(int seed)
    {
        var random = new Random(seed);
        var rows = Rows(random);

        var read = Describe(Body(rows, random));

        Assert.Equal(string.Join('\n', rows.Select(row => Describe(Body([row], random)))), read);
    }

    [Property(MaxTest = 3_000)]
    public void What_is_no_json_is_refused_where_dotnets_reader_refuses_it(int seed)
    {
        var random = new Random(seed);
        var rows = Rows(random);
        var broken = random.Next(rows.Count);
        rows[broken] = Break(rows[broken], random);

        var body = Body(rows, random);

        Assert.Equal(Fault(body), Refusal(body));
    }

    [Fact]
    public void A_post_cut_off_at_any_byte_is_refused_where_dotnets_reader_refuses_it()
    {
        var row = """{"externalId":"A","time":"2026-11-23T10:00:00Z","voltage1V":230.41,"loadType":"L"}""";
        var body = Body([row, row.Replace("10:00", "11:00", StringComparison.Ordinal), row.Replace("10:00", "12:00", StringComparison.Ordinal)], new Random(1));
        for (var length = 1; length < body.Length; length++)
        {
            var cut = body[..length];
            Assert.Equal(Fault(cut), Refusal(cut));
        }
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":2,}")]
    [InlineData("{,\"a\":1}")]
    [InlineData("{,\"b\":1}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\":1\"a\":1}")]
    [InlineData("{\"a\":1}{\"a\":1}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":1.}")]
    [InlineData("{\"a\":-}")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":\"1}")]
    [InlineData("{\"a\":\"\t\"}")]
    public void A_row_that_is_no_json_is_refused_behind_one_that_looks_like_it(string row)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"measurements":[{"a":1,"b":1},{"a":1,"b":1},{{row}}]}""");

        Assert.NotEmpty(Fault(body));
        Assert.Equal(Fault(body), Refusal(body));
    }

    [Theory]
    [InlineData("[{\"a\":1},{\"a\":1},]")]
    [InlineData("[{\"a\":1},{\"a\":1}")]
    [InlineData("[{\"a\":1},{\"a\":1}}")]
    [InlineData("[{\"a\":1},{\"a\":1}] ]")]
    [InlineData("[{\"a\":1},{\"a\":1}],")]
    [InlineData("[{\"a\":1},{\"a\":1}\n\n  x]")]
    public void What_follows_such_rows_is_refused_where_it_is_in_the_post(string rows)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"measurements":{{rows}}}""");

        Assert.NotEmpty(Fault(body));
        Assert.Equal(Fault(body), Refusal(body));
    }

    // The same names in the same order with the same space, as one sender writes them, and then here and there something else.
    private static List<string> Rows(Random random)
    {
        var space = Spaces[random.Next(Spaces.Length)];
        var names = Enumerable.Range(0, random.Next(1, 8)).Select(_ => Names[random.Next(Names.Length)]).ToList();
        return
        [
            .. Enumerable.Range(0, random.Next(2, 8)).Select(i =>
            {
                var own = names.Where(_ => random.Next(10) > 0).ToList();
                if (random.Next(6) == 0)
                {
                    own.Insert(random.Next(own.Count + 1), Names[random.Next(Names.Length)]);
                }

                var between = random.Next(6) == 0 ? Spaces[random.Next(Spaces.Length)] : space;
                var usual = random.Next(3) > 0;
                // Of its own device, so that rows don't merge.
                List<string> properties = [$"\"externalId\":{between}\"A{i}\"", $"\"time\":{between}{Times[usual ? 0 : random.Next(Times.Length)]}"];
                properties.AddRange(own.Select(name => $"\"{name}\":{between}{Value(usual, random)}"));
                return $"{{{between}{string.Join("," + between, properties)}{between}}}";
            }),
        ];
    }

    private static string Value(bool usual, Random random) =>
        random.Next(3) == 0
            ? $"{(random.Next(3) == 0 ? "-" : "")}{random.NextInt64((long)Math.Pow(10, random.Next(18)))}.{random.NextInt64((long)Math.Pow(10, random.Next(18)))}"
            : Values[random.Next(usual ? 11 : Values.Length)];

    private static string Break(string row, Random random)
    {
        var at = random.Next(row.Length);
        return random.Next(4) switch
        {
            0 => row[..at],
            1 => row[..at] + row[(at + 1)..],
            2 => row.Insert(at, Broken[random.Next(Broken.Length)]),
            _ => row[..(row.LastIndexOf(':') + 1)] + Broken[random.Next(Broken.Length)] + "}",
        };
    }

    private static byte[] Body(IEnumerable<string> rows, Random random)
    {
        var space = Spaces[random.Next(Spaces.Length)];
        return Encoding.UTF8.GetBytes($"{{{space}\"measurements\":{space}[{space}{string.Join($"{space},{space}", rows)}{space}]{space},\"more\":[{{}}]}}{space}");
    }

    // Rows by their own numbers, so that a post of several reads as several posts of one.
    private static string Describe(byte[] body)
    {
        var post = NativeDecoder.Decode(body);
        var rows = Enumerable.Range(0, post.Batch.Count).Select(row =>
        {
            var key = post.Batch.Keys[row];
            var serial = post.Batch.ExternalIds[key.Device];
            var values = string.Join(' ', post.Batch.Values(row).ToArray().Select(BitConverter.DoubleToInt64Bits));
            var unknown = post.UnknownParameters.Where(parameter => parameter.ExternalId == serial).Select(parameter => $"{parameter.Name}×{parameter.Count}");
            return $"{serial} {key.Ticks} {key.IsLocal} {post.Batch.Refused(row)} {values} {string.Join(' ', unknown)}";
        });
        return string.Join('\n', rows);
    }

    private static string Fault(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, NativeDecoder.JsonOptions);
            while (reader.Read()) { }

            return "";
        }
        catch (JsonException e)
        {
            return $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.";
        }
    }

    private static string Refusal(byte[] body)
    {
        try
        {
            NativeDecoder.Decode(body);
            return "";
        }
        catch (UnreadablePostException e) when (e.Reason == UnreadableReason.Malformed && e.InnerException is JsonException)
        {
            return e.Message[e.Message.IndexOf("line ", StringComparison.Ordinal)..(e.Message.IndexOf(". Nothing", StringComparison.Ordinal) + 1)];
        }
        catch (UnreadablePostException e)
        {
            return e.Message;
        }
    }
}
