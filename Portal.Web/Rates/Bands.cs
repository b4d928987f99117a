namespace Portal.Web.Rates;

/// <summary>Colours of bands, by the classes that portal.css has. The three that nearly all tariffs have look the same everywhere.</summary>
public static class Bands
{
    /// <summary>CSS class of a band's colour.</summary>
    public static string Class(string? band) => band?.ToLowerInvariant() switch
    {
        "peak" => "band-peak",
        "standard" => "band-standard",
        "off-peak" or "offpeak" => "band-off-peak",
        _ => "band-other",
    };
}
