using System.Text.Json;

namespace MeterSimulator.Posts;

/// <summary>
/// <code>{"timestamp":1763892000,"gateway":{},"device":{"name":"Mall main","model":"Acuvim IIR","serial":"AN21010043","online":true,
/// "readings":[{"param":"Psum_kW","value":"41.250","unit":"kW"}]}}</code>
/// </summary>
internal static class FormB
{
    public static void Write(Utf8JsonWriter json, Post post)
    {
        using var block = new ReadingBlock(post.Meters[0], post.Range);
        json.WriteStartObject();
        json.WriteNumber("timestamp"u8, block.Stamp(0).ToUnixTimeSeconds());
        ReadingsJson.Gateway(json, post.Logger.Gateway);
        json.WriteStartObject("device"u8);
        json.WriteString("name"u8, block.Meter.Name);
        json.WriteString("model"u8, block.Meter.Model);
        json.WriteString("serial"u8, block.Meter.Serial);
        json.WriteBoolean("online"u8, true);
        ReadingsJson.Single(json, "readings", post.Logger, block);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
