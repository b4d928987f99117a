using System.Globalization;

namespace Portal.AppHost.Operations.Backups;

/// <summary>What a backup says is in it, as <c>backup.sh</c> writes it: a word and its values a line.</summary>
internal sealed record BackupManifest
{
    /// <summary>The most that one is read of: some hundred tables and four hundred days.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>Compose project or namespace of the stack that it was made of.</summary>
    public required string Stack { get; init; }

    public required DateTimeOffset Taken { get; init; }

    /// <summary>The portal's version; <c>-</c> where it is not known.</summary>
    public required string Version { get; init; }

    /// <summary>Size of the database on the server's disk.</summary>
    public required long Bytes { get; init; }

    /// <summary>Rows of each table, by its name as SQL says it.</summary>
    public required IReadOnlyDictionary<string, long> Rows { get; init; }

    /// <summary>Stored measurements, of the stack or of all customers.</summary>
    public long Measurements => Rows.Where(table => table.Key.EndsWith(".\"PowerMeasurements\"", StringComparison.Ordinal)).Sum(table => table.Value);

    /// <exception cref="FormatException">It is none, or of a form that this version does not know.</exception>
    public static BackupManifest Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2)).Where(line => line.Length == 2).ToLookup(line => line[0], line => line[1]);
        string One(string word) => lines[word].FirstOrDefault() ?? throw new FormatException($"it does not say its {word}");
        if (One("format") != "1") throw new FormatException($"it is of format {One("format")}, and this version knows format 1");
        return new()
        {
            Stack = One("stack"),
            Taken = DateTimeOffset.Parse(One("taken"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Version = One("version"),
            Bytes = long.Parse(One("bytes"), CultureInfo.InvariantCulture),
            // A table's name may have blanks.
            Rows = lines["rows"].ToDictionary(row => row[..row.LastIndexOf(' ')], row => long.Parse(row[(row.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)),
        };
    }
}
