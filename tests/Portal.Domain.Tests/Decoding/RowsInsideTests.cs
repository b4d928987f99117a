using System.Text;
using System.Text.Json;
using Portal.Domain.Decoding;

namespace Portal.Domain.Tests.Decoding;

public sealed class RowsInsideTests
{
    private const string Row = """{"externalId":"A","time":"2026-01-01T00:00:00Z","activePowerKw":1}""";

    [Fact]
    public void Rows_of_another_document_are_read_like_those_of_a_post_and_the_reader_goes_on_behind_them()
    {
        var document = Encoding.UTF8.GetBytes($$"""{"before":[1,{}],"rows":[{{Row}},{{RowOf("B")}},{"externalId":"C","time":5},{{RowOf("D")}}],"after":true}""");
        var reader = At(document, "rows");
        ReadOnlySpan<byte> rest = document;

        var post = NativeDecoder.DecodeRows(ref reader, ref rest, 10);

        Assert.Equal(JsonTokenType.EndArray, reader.TokenType);
        Assert.True(rest[(int)reader.BytesConsumed..].SequenceEqual(",\"after\":true}"u8));
        Assert.True(reader.Read() && reader.ValueTextEquals("after"));
        Assert.Equal(["A", "B", "C", "D"], post.Batch.ExternalIds);
        Assert.Equal(4, post.Batch.Count);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(1, true)]
    public void More_rows_than_allowed_are_too_many(int maxRows, bool refused)
    {
        var document = Encoding.UTF8.GetBytes($$"""{"rows":[{{Row}},{{RowOf("B")}}]}""");

        var thrown = Record.Exception(() =>
        {
            var reader = At(document, "rows");
            ReadOnlySpan<byte> rest = document;
            NativeDecoder.DecodeRows(ref reader, ref rest, maxRows);
        });

        Assert.Equal(refused ? UnreadableReason.TooManyRows : null, (thrown as UnreadablePostException)?.Reason);
    }

    [Fact]
    public void What_is_no_json_says_where_in_the_whole_document()
    {
        var document = Encoding.UTF8.GetBytes($$"""{"rows":[{{Row}},{{RowOf("B")}},{"externalId":"C" "time":5}]}""");

        var thrown = Assert.ThrowsAny<JsonException>(() =>
        {
            var reader = At(document, "rows");
            ReadOnlySpan<byte> rest = document;
            NativeDecoder.DecodeRows(ref reader, ref rest, 10);
        });

        Assert.Equal(Encoding.UTF8.GetString(document).IndexOf("\"time\":5", StringComparison.Ordinal), NativeDecoder.Located(document, thrown).BytePositionInLine);
    }

    private static string RowOf(string serial) => Row.Replace("\"A\"", $"\"{serial}\"", StringComparison.Ordinal);

    private static Utf8JsonReader At(byte[] document, string property)
    {
        var reader = new Utf8JsonReader(document, NativeDecoder.JsonOptions);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(property))
            {
                reader.Read();
                break;
            }
        }

        return reader;
    }
}
