using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Portal.Domain.Measurements;

namespace Portal.TimeSeries.Engines;

/// <summary>One embedded SQL file of the time-series bootstrap.</summary>
/// <param name="Name">Path below <c>TimeSeries</c>: <c>Postgres/versions/0050_roll_ups</c>. What the database remembers; never changes.</param>
/// <param name="Once">True for <c>versions/</c> (run once, immutable once released), false for <c>idempotent/</c> (run at every start).</param>
/// <param name="Text">Its statements with the layout and the quantities filled in.</param>
internal sealed partial record SqlScript(string Name, bool Once, string Text)
{
    /// <summary>
    /// The scripts of an engine in the order they run: by the number at the front of the file's name, over all folders (<c>versions/</c> and
    /// <c>idempotent/</c> of the engine, those for both engines, and the layout's own of either), so that a table comes before the functions that need it.
    /// </summary>
    public static IReadOnlyList<SqlScript> Of(SeriesLayout layout, TimeSeriesEngine engine, IReadOnlyList<Quantity> quantities)
    {
        Assembly[] assemblies = [typeof(SqlScript).Assembly, layout.Scripts];
        return assemblies
            .SelectMany(assembly => assembly.GetManifestResourceNames(), (assembly, resource) => (Assembly: assembly, Resource: resource))
            .Select(script => (script.Assembly, script.Resource, Parts: script.Resource.Replace('\\', '/').Split('/')))
            .Where(script => script.Parts is ["TimeSeries", var folder, _, _] && (folder == "Both" || folder == engine.ToString()))
            .OrderBy(script => script.Parts[3], StringComparer.Ordinal)
            .Select(script => new SqlScript(
                $"{script.Parts[1]}/{script.Parts[2]}/{Path.GetFileNameWithoutExtension(script.Parts[3])}",
                script.Parts[2] == "versions",
                Fill(Read(script.Assembly, script.Resource), layout, quantities)
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

    private static string Fill(string text, SeriesLayout layout, IReadOnlyList<Quantity> quantities) =>
        OfCustomers()
            .Replace(text.Replace("{schema}", layout.Schema, StringComparison.Ordinal), piece => layout.Customer(piece.Groups["sql"].Value))
            .Replace("{partitions_lock}", layout.Locks.Partitions.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{roll_ups_lock}", layout.Locks.RollUps.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{columns}", string.Join(",\n    ", quantities.Select(q => $"\"{q.Column}\" {TypeOf(q)}")), StringComparison.Ordinal)
            .Replace(
                "{quantities}",
                string.Join(", ", quantities.Select(q => $"({q.Index}, '{q.Column}', '{TypeOf(q)}')")),
                StringComparison.Ordinal
            );

    // {customer:"CustomerId", } stands for what is between the colon and the brace, or for nothing where no customers lead the keys.
    [GeneratedRegex("""\{customer:(?<sql>[^{}]*)\}""")]
    private static partial Regex OfCustomers();

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
