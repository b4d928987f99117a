using System.Reflection;
using Portal.Domain.Measurements;

namespace Portal.Data.TimeSeries;

/// <summary>One embedded SQL file of the time-series bootstrap.</summary>
/// <param name="Name">Path below <c>TimeSeries</c>: <c>Postgres/versions/0050_roll_ups</c>. What the database remembers; never changes.</param>
/// <param name="Once">True for <c>versions/</c> (run once, immutable once released), false for <c>idempotent/</c> (run at every start).</param>
/// <param name="Text">Its statements with the quantities filled in.</param>
internal sealed record SqlScript(string Name, bool Once, string Text)
{
    /// <summary>
    /// The scripts of an engine in the order they run: by the number at the front of the file's name, over all four folders (<c>versions/</c> and
    /// <c>idempotent/</c> of the engine, and those for both engines), so that a table comes before the functions that need it.
    /// </summary>
    public static IReadOnlyList<SqlScript> Of(TimeSeriesEngine engine, IReadOnlyList<Quantity> quantities)
    {
        var assembly = typeof(SqlScript).Assembly;
        return assembly
            .GetManifestResourceNames()
            .Select(resource => (Resource: resource, Parts: resource.Replace('\\', '/').Split('/')))
            .Where(script => script.Parts is ["TimeSeries", var folder, _, _] && (folder == "Both" || folder == engine.ToString()))
            .OrderBy(script => script.Parts[3], StringComparer.Ordinal)
            .Select(script => new SqlScript(
                $"{script.Parts[1]}/{script.Parts[2]}/{Path.GetFileNameWithoutExtension(script.Parts[3])}",
                script.Parts[2] == "versions",
                Fill(Read(assembly, script.Resource), quantities)
            ))
            .ToList();
    }

    /// <summary>The column's type: registers keep all their digits, everything else is as exact as the meter is (7 digits).</summary>
    public static string TypeOf(Quantity quantity) =>
        quantity.Kind switch
        {
            QuantityKind.Register => "double precision",
            QuantityKind.LoadType => "text",
            _ => "real",
        };

    private static string Fill(string text, IReadOnlyList<Quantity> quantities) =>
        text.Replace("{columns}", string.Join(",\n    ", quantities.Select(q => $"\"{q.Column}\" {TypeOf(q)}")), StringComparison.Ordinal)
            .Replace(
                "{quantities}",
                string.Join(", ", quantities.Select(q => $"({q.Index}, '{q.Column}', '{TypeOf(q)}')")),
                StringComparison.Ordinal
            );

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
