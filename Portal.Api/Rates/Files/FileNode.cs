namespace Portal.Api.Rates.Files;

/// <summary>A place in a tariff's file, with the line it begins on.</summary>
/// <param name="Line">From 1.</param>
internal abstract record FileNode(int Line);

/// <param name="IsQuoted">A quoted text is never a null.</param>
internal sealed record FileText(int Line, string Value, bool IsQuoted) : FileNode(Line)
{
    public bool IsNull => !IsQuoted && Value is "" or "~" or "null";
}

internal sealed record FileList(int Line, List<FileNode> Items) : FileNode(Line);

/// <param name="Fields">In the order of the file; a name is there once.</param>
internal sealed record FileMap(int Line, Dictionary<string, FileNode> Fields) : FileNode(Line);
