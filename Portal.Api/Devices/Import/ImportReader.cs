using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Portal.Contracts.Devices;

namespace Portal.Api.Devices.Import;

/// <summary>A line of an import file: its cells, trimmed, by column.</summary>
internal sealed record ImportedLine(int Number, IReadOnlyDictionary<string, string> Cells)
{
    public string this[string column] => Cells.GetValueOrDefault(column, "");
}

/// <summary>Reads an import file.</summary>
internal static class ImportReader
{
    // Windows' spreadsheets say which one they part cells by only by using it.
    private static readonly string[] Delimiters = [",", ";", "\t"];

    /// <param name="error">Why the file as a whole can't be read, and what to do; null where it can.</param>
    public static IReadOnlyList<ImportedLine> Read(byte[] file, out string? error)
    {
        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(file).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            error = "The file isn't UTF-8. In a spreadsheet save it as “CSV UTF-8”.";
            return [];
        }

        var heading = text.Split('\n', 2)[0];
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = Delimiters.MaxBy(delimiter => heading.Split(delimiter).Length)!,
            TrimOptions = TrimOptions.Trim,
            MissingFieldFound = null,
            BadDataFound = bad => throw new BadDataException(bad.Field, bad.RawRecord, bad.Context),
        };
        using var csv = new CsvReader(new StringReader(text), configuration);
        try
        {
            return Read(csv, out error);
        }
        catch (BadDataException)
        {
            error = string.Create(CultureInfo.InvariantCulture, $"Line {csv.Parser.RawRow}: a quotation mark stands where none belongs. Put the whole cell into quotation marks and double those within it.");
            return [];
        }
    }

    private static List<ImportedLine> Read(CsvReader csv, out string? error)
    {
        var lines = new List<ImportedLine>();
        error = csv.Read() ? Headings(csv, out var columns) : Empty(out columns);
        if (error is not null) return lines;
        while (csv.Read())
        {
            if (lines.Count == ImportFile.MaxLines)
            {
                error = $"The file has more than {ImportFile.MaxLines} lines. Split it and import one after the other.";
                return lines;
            }

            lines.Add(new ImportedLine(csv.Parser.RawRow, columns.ToDictionary(column => column.Name, column => CatalogueCsv.Plain(csv.GetField(column.Index) ?? ""))));
        }

        if (lines.Count == 0) error = "The file has a heading and nothing below it.";
        return lines;
    }

    private static string? Empty(out List<(string Name, int Index)> columns)
    {
        columns = [];
        return $"The file is empty. Its first line names the columns: {string.Join(", ", ImportFile.Columns)}.";
    }

    private static string? Headings(CsvReader csv, out List<(string Name, int Index)> columns)
    {
        var found = Enumerable.Range(0, csv.Parser.Count).Select(index => (Name: csv.Parser[index].Trim().ToLowerInvariant(), Index: index)).Where(column => column.Name.Length > 0).ToList();
        columns = found;
        var unknown = found.Where(column => !ImportFile.Columns.Contains(column.Name)).Select(column => $"“{column.Name}”").ToList();
        if (unknown.Count > 0) return $"The first line names {string.Join(", ", unknown)}, which is no column. Columns are {string.Join(", ", ImportFile.Columns)}.";
        if (found.GroupBy(column => column.Name).FirstOrDefault(same => same.Count() > 1) is { } twice) return $"The first line names “{twice.Key}” twice.";
        return found.Exists(column => column.Name == ImportFile.Site) ? null : $"The first line doesn't name “{ImportFile.Site}”. Columns are {string.Join(", ", ImportFile.Columns)}.";
    }
}
