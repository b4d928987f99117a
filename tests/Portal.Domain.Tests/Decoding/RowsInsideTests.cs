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
        var document = Encoding.UTF8.GetBytes($$"""{"before":[1,{}],"rows":[{{Row}},{"externalId":"B","time":5}],"after":true}""");
        var reader = At(document, "rows");

        var post = NativeDecoder.DecodeRows(ref reader, document, 10);

        Assert.Equal(JsonTokenType.EndArray, reader.TokenType);
        Assert.True(reader.Read() && reader.ValueTextEquals("after"));
        Assert.Equal(["A", "B"], post.Batch.ExternalIds);
        Assert.Equal(2, post.Batch.Count);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(1, true)]
    public void More_rows_than_allowed_are_too_many(int maxRows, bool refused)
    {
        var document = Encoding.UTF8.GetBytes($$"""{"rows":[{{Row}},{{Row.Replace("\"A\"", "\"B\"", StringComparison.Ordinal)}}]}""");

        var thrown = Record.Exception(() =>
        {
            var reader = At(document, "rows");
            NativeDecoder.DecodeRows(ref reader, document, maxRows);
        });

        Assert.Equal(refused ? UnreadableReason.TooManyRows : null, (thrown as UnreadablePostException)?.Reason);
    }

    [Fact]
    public void What_is_no_json_says_where_in_the_whole_document()
    {
        var document = Encoding.UTF8.GetBytes($$"""{"rows":[{{Row}},{"externalId":"B" "time":5}]}""");

        var thrown = Assert.ThrowsAny<JsonException>(() =>
        {
            var reader = At(document, "rows");
            NativeDecoder.DecodeRows(ref reader, document, 10);
        });

        Assert.Equal(Encoding.UTF8.GetString(document).IndexOf("\"time\":5", StringComparison.Ordinal), thrown.BytePositionInLine);
    }

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
