using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Xunit;
using Portal.Domain.Decoding;
using Portal.Domain.Measurements;

namespace Portal.Domain.Tests.Decoding;

/// <summary>Whatever arrives, a decoder reads it or says that it can't, and what it reads can be stored.</summary>
public sealed class HostileInputTests
{
    private static readonly byte[][] Seeds = [.. Directory.GetFiles(Root(), "*.*", SearchOption.AllDirectories).Where(IsInput).Order().Select(File.ReadAllBytes)];

    [Property(MaxTest = 2_000)]
    public void Random_bytes_are_read_or_refused(byte[] bytes) => ReadBoth(bytes);

    [Property(MaxTest = 5_000)]
    public void Mutated_posts_are_read_or_refused(int seed)
    {
        var random = new Random(seed);
        var bytes = Seeds[random.Next(Seeds.Length)].ToList();
        for (var i = random.Next(1, 8); i > 0; i--)
        {
            Mutate(bytes, random);
        }

        ReadBoth([.. bytes]);
    }

    [Theory]
    [InlineData("[", 1_000_000)]
    [InlineData("{\"a\":", 1_000_000)]
    [InlineData("{\"measurements\":[", 100_000)]
    [InlineData("\"", 1_000_000)]
    [InlineData(",", 1_000_000)]
    [InlineData("\\ud800", 1_000_000)]
    public void Endless_repetition_is_refused(string text, int times)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, times)));
        Assert.Throws<UnreadablePostException>(() => NativeDecoder.Decode(bytes));
        Assert.Throws<UnreadablePostException>(() => AcuvimDecoder.Decode(bytes));
    }

    [Theory]
    [InlineData("{\"measurements\":[", "1", "]}")]
    [InlineData("{\"measurements\":[", "{}", "]}")]
    public void More_rows_than_memory_allows_are_refused(string start, string row, string end)
    {
        var atLimit = Encoding.UTF8.GetBytes(start + string.Join(',', Enumerable.Repeat(row, DecodedPost.MaxRows)) + end);
        Assert.Equal(DecodedPost.MaxRows, NativeDecoder.Decode(atLimit).Batch.Count);

        var over = Encoding.UTF8.GetBytes(start + string.Join(',', Enumerable.Repeat(row, DecodedPost.MaxRows + 1)) + end);
        var refusal = Assert.Throws<UnreadablePostException>(() => NativeDecoder.Decode(over));
        Assert.Equal(UnreadableReason.TooManyRows, refusal.Reason);
    }

    [Fact]
    public void More_times_than_memory_allows_are_refused()
    {
        var times = string.Join(',', Enumerable.Repeat("0", DecodedPost.MaxRows + 1));
        var json = Encoding.UTF8.GetBytes("{\"timestamp\":[" + times + "],\"device\":{\"serial\":\"A\",\"readings\":[]}}");
        Assert.Equal(UnreadableReason.TooManyRows, Assert.Throws<UnreadablePostException>(() => AcuvimDecoder.Decode(json)).Reason);
    }

    [Fact]
    public void Unknown_parameters_of_one_post_are_bounded()
    {
        var readings = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $$"""{"param":"X{{i}}","value":1}"""));
        var post = AcuvimDecoder.Decode(Encoding.UTF8.GetBytes($$$"""{"timestamp":1764959040,"device":{"serial":"A","readings":[{{{readings}}}]}}"""));

        Assert.Equal(DecodedPost.MaxUnknownParameters + 1, post.UnknownParameters.Count);
        Assert.Equal(1_000, post.UnknownParameters.Sum(unknown => unknown.Count));
        Assert.Equal(744, Assert.Single(post.UnknownParameters, unknown => unknown.Name == UnknownParameter.Rest).Count);
    }

    private static bool IsInput(string file) => Path.GetFileName(file) is "native.json" or "acuvim.json" or "acuvim.csv";

    private static void ReadBoth(byte[] bytes)
    {
        Check(() => NativeDecoder.Decode(bytes));
        Check(() => AcuvimDecoder.Decode(bytes, "AN1/x"));
    }

    private static void Check(Func<DecodedPost> decode)
    {
        DecodedPost post;
        try
        {
            post = decode();
        }
        catch (UnreadablePostException)
        {
            return;
        }

        for (var row = 0; row < post.Batch.Count; row++)
        {
            var key = post.Batch.Keys[row];
            var values = post.Batch.Values(row).ToArray();
            Assert.All(Quantities.All, quantity => Assert.False(values[quantity.Index] < quantity.Minimum || values[quantity.Index] > quantity.Maximum));
            if (post.Batch.Refused(row) is null)
            {
                Assert.InRange(key.Ticks, MeterClock.Floor.Ticks, DateTime.MaxValue.Ticks);
                Assert.Equal(0, key.Ticks % TimeSpan.TicksPerMicrosecond);
                Assert.True(ExternalId.TryNormalize(post.Batch.ExternalIds[key.Device], out var same));
                Assert.Equal(same, post.Batch.ExternalIds[key.Device]);
                Assert.Contains(values, value => !double.IsNaN(value));
            }
        }
    }

    private static void Mutate(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = random.Next(1, 12);
        switch (random.Next(6))
        {
            case 0:
                bytes.RemoveRange(at, Math.Min(length, bytes.Count - at));
                break;
            case 1:
                bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count + 1)).Take(length).ToArray());
                break;
            case 2 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3 when at < bytes.Count:
                bytes[at] = "{}[],:\"\\0-.eE \n"u8[random.Next(15)];
                break;
            case 4:
                bytes.InsertRange(at, Interesting(random));
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }

    private static ReadOnlySpan<byte> Interesting(Random random) =>
        random.Next(8) switch
        {
            0 => "\\ud800"u8,
            1 => "\\u0000"u8,
            2 => "99999999999999999999"u8,
            3 => "1e400"u8,
            4 => "\xFF\xFE"u8,
            5 => "9999-12-31T23:59:59-14:00"u8,
            6 => "null"u8,
            _ => "----"u8,
        };

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "../../../golden"));
}
