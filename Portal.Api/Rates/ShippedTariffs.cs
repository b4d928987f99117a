using System.Reflection;
using Portal.Api.Rates.Files;

namespace Portal.Api.Rates;

/// <summary>Tariffs that come with the portal, with the sources of their prices: files of this folder, built into the program.</summary>
internal static class ShippedTariffs
{
    private const string Prefix = "Rates/Shipped/";
    private const string Ending = ".yaml";

    /// <summary>Text by key; the key is the file's name.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = Load();

    /// <summary>As read; all of them are sound, which a test holds.</summary>
    public static IReadOnlyDictionary<string, TariffFile> Files { get; } =
        Texts.ToDictionary(text => text.Key, text => TariffFileReader.Read(text.Value, new FileFaults())!, StringComparer.Ordinal);

    private static Dictionary<string, string> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            texts[name[Prefix.Length..^Ending.Length]] = reader.ReadToEnd();
        }

        return texts;
    }
}
