using System.Globalization;
using System.Text.Json;

namespace MeterSimulator.Posts;

/// <summary>
/// <code>{"timestamp":"2026-11-23T12:00:00+02:00","gateway":{"name":"AXM-WEB2","model":"AXM-WEB2","serial":"AW21010043"},
/// "device":{"name":"Workshop main","model":"Acuvim IIW"},"readings":[{"param":"V1","value":"231.42","unit":"V"}]}</code>
/// Names no meter serial: the multipart's datasource does, else the gateway's serial stands for it.
/// </summary>
internal static class FormA
{
    public static void Write(Utf8JsonWriter json, Post post)
    {
        using var block = new ReadingBlock(post.Meters[0], post.Range);
        var local = TimeZoneInfo.ConvertTime(block.Stamp(0), block.Meter.Site.Zone);
        json.WriteStartObject();
        json.WriteString("timestamp"u8, local.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
        ReadingsJson.Gateway(json, post.Logger.Gateway);
        json.WriteStartObject("device"u8);
        json.WriteString("name"u8, block.Meter.Name);
        json.WriteString("model"u8, block.Meter.Model);
        json.WriteEndObject();
        ReadingsJson.Single(json, "readings", post.Logger, block);
        json.WriteEndObject();
    }
}
