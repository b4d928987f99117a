namespace Portal.Contracts.Devices;

/// <summary>
/// The file of <c>POST /api/devices/import</c> and <c>GET /api/devices/export</c>: CSV in UTF-8 with a heading line, a device a line, or a site alone.
/// Columns may come in any order; comma, semicolon or tab part them.
/// </summary>
public static class ImportFile
{
    public const string Site = "site";
    public const string TimeZone = "time zone";
    public const string Device = "device";
    public const string Serial = "serial";
    public const string Role = "role";
    public const string Model = "model";

    /// <summary>All of them, as the export has them.</summary>
    public static readonly IReadOnlyList<string> Columns = [Site, TimeZone, Device, Serial, Role, Model];

    /// <summary>Lines of one file at most, besides the heading: writing them keeps meters' posts waiting for some seconds.</summary>
    public const int MaxLines = 1_000;
}

/// <summary>What a line does.</summary>
public static class ImportEffects
{
    /// <summary>The device is created; its site too, where there is none of this name.</summary>
    public const string Creates = "creates";

    /// <summary>The device of this serial gets another name, role or model, or moves to this site.</summary>
    public const string Changes = "changes";

    /// <summary>It is so already.</summary>
    public const string Nothing = "nothing";

    /// <summary>It can't be done as it is written.</summary>
    public const string Fails = "fails";
}

/// <summary>
/// Answer of <c>POST /api/devices/import</c> with a <c>text/csv</c> body. Nothing is done until the same file comes again with <c>?plan=</c> and the
/// <paramref name="Plan"/> of this answer; then all of it is done, or
/// nothing where that would do something else by now (409). A device that somebody changes in the very moment of the import is as the import has it.
/// </summary>
/// <param name="Lines">Every line of the file, as it was understood.</param>
/// <param name="NewSites">Names of sites that are created.</param>
/// <param name="Plan">What to send to have it done; null where a line fails, or nothing would be done.</param>
/// <param name="Applied">It is done.</param>
/// <param name="AdmittedRows">Rows that waited in quarantine for new devices and are measurements now.</param>
public sealed record ImportAnswer(IReadOnlyList<ImportLine> Lines, IReadOnlyList<string> NewSites, string? Plan, bool Applied = false, long AdmittedRows = 0);

/// <summary>A line of the file.</summary>
/// <param name="Number">In the file, the heading is 1.</param>
/// <param name="Effect"><see cref="ImportEffects"/>.</param>
/// <param name="Problems">What is wrong with it; empty unless it fails.</param>
public sealed record ImportLine(
    int Number, string Site, string TimeZone, string Device, string Serial, string Role, string Model, string Effect, IReadOnlyList<ImportProblem> Problems);

/// <summary>What is wrong with a cell, and what to do.</summary>
/// <param name="Column"><see cref="ImportFile.Columns"/>.</param>
public sealed record ImportProblem(string Column, string Message);
