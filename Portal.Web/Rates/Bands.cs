namespace Portal.Web.Rates;

/// <summary>Colours of bands. The three that nearly all tariffs have look the same everywhere.</summary>
public static class Bands
{
    /// <summary>CSS class of a band's colour.</summary>
    public static string Class(string? band) => band?.ToLowerInvariant() switch
    {
        "peak" => "peak",
        "standard" => "standard",
        "off-peak" or "offpeak" => "off-peak",
        _ => "other",
    };
}
