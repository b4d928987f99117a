using System.Text.Json;

namespace MeterSimulator.Posts;

/// <summary>
/// The columnar log file, live or from the cache.
/// <code>{"timestamp":[1763892000,1763892060],"gateway":{},"device":{"name":"Mall main","model":"Acuvim IIR","serial":"AN21010043",
/// "online":true,"readings":[{"param":"Psum_kW","value":["41.250","40.871"],"unit":"kW"}]}}</code>
/// </summary>
internal static class FormC
{
    public static void Write(Utf8JsonWriter json, Post post)
    {
        using var block = new ReadingBlock(post.Meters[0], post.Range);
        json.WriteStartObject();
        json.WriteStartArray("timestamp"u8);
        for (var row = 0; row < block.Range.Count; row++) json.WriteNumberValue(block.Stamp(row).ToUnixTimeSeconds());
        json.WriteEndArray();
        ReadingsJson.Gateway(json, post.Logger.Gateway);
        json.WriteStartObject("device"u8);
        json.WriteString("name"u8, block.Meter.Name);
        json.WriteString("model"u8, block.Meter.Model);
        json.WriteString("serial"u8, block.Meter.Serial);
        json.WriteBoolean("online"u8, true);
        ReadingsJson.Columns(json, post.Logger, block);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
