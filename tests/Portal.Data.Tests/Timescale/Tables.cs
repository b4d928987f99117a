using System.Globalization;

namespace Portal.Data.Tests.Timescale;

/// <summary>Whole answers as text, to compare.</summary>
internal static class Tables
{
    /// <summary>A line per row with the columns' names. Nine digits: engines add up in different orders.</summary>
    public static async Task<string> TableAsync(this PortalHost host, string query)
    {
        await using var command = host.DataSource.CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(string.Join(" ", Enumerable.Range(0, reader.FieldCount).Where(c => !reader.IsDBNull(c)).Select(c => $"{reader.GetName(c)}={Text(reader.GetValue(c))}")));
        return string.Join("\n", lines);
    }

    private static string Text(object value) =>
        value switch
        {
            DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture),
            double number => number.ToString("G9", CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
}
