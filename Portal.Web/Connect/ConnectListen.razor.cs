using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Devices;
using Portal.Web.Api;
using Portal.Web.Devices;
using Portal.Web.Figures;
using Portal.Web.States;

namespace Portal.Web.Connect;

/// <summary>What a meter has posted so far.</summary>
/// <param name="Unknown">What it posts and the portal doesn't know.</param>
public sealed record FirstPosts(LatestRows Latest, IReadOnlyList<UnknownParameterItem> Unknown);

/// <summary>Waits for the first post, shows it decoded, and says what is odd about it.</summary>
public sealed partial class ConnectListen(PortalApi api, TimeProvider clock, IStringLocalizer<ConnectText> text) : DataComponent<FirstPosts>
{
    // One post of three loggers with what a module adds by and by.
    private const int RowsLookedAt = 10;

    // A module posts within its interval of a minute and a retry; what is older by more was kept, or the clock is wrong.
    private static readonly TimeSpan ClockPatience = TimeSpan.FromMinutes(3);

    // Clocks without a time server drift by seconds a day.
    private static readonly TimeSpan AheadPatience = TimeSpan.FromSeconds(30);

    [Parameter, EditorRequired]
    public required string DeviceId { get; set; }

    [Parameter, EditorRequired]
    public required string Serial { get; set; }

    [Parameter, EditorRequired]
    public required TimeZoneInfo Zone { get; set; }

    protected override object Question => DeviceId;

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(2);

    private IStringLocalizer<ConnectText> Text => text;

    protected override async Task<FirstPosts> LoadAsync(CancellationToken cancellationToken)
    {
        var page = await api.MeasurementsAsync(DeviceId, RowsLookedAt, cancellationToken);
        var unknown = page.Measurements.Count > 0 ? await api.UnknownParametersAsync(DeviceId, cancellationToken) : [];
        return new FirstPosts(new LatestRows(page.Measurements, clock.GetUtcNow()), unknown);
    }

    private string Newest(FirstPosts posts)
    {
        var newest = posts.Latest.Rows[0];
        return text["ArrivedNote", SiteTime.Exact(newest.Time, Zone), SiteTime.Place(Zone), Numbers.Age(posts.Latest.Now - newest.ReceivedAt)];
    }

    private List<string> Odd(FirstPosts posts)
    {
        List<string> odd = [];
        var values = posts.Latest.Values;
        var behind = posts.Latest.Rows[0].ReceivedAt - posts.Latest.Rows[0].Time;
        if (behind < -AheadPatience) odd.Add(text["OddAhead", Numbers.Age(-behind)]);
        else if (behind > ClockPatience) odd.Add(text["OddBehind", Numbers.Age(behind)]);
        if (values["activePowerKw"]?.Number is not { } power) odd.Add(text["OddNoPower"]);
        else if (power < 0) odd.Add(text["OddNegative", Numbers.Power(power)]);
        if (!values.HasAny("energyImportKwh")) odd.Add(text["OddNoEnergy"]);
        if (posts.Unknown.Count > 0) odd.Add(text["OddUnknown", string.Join(", ", posts.Unknown.Select(parameter => parameter.Name))]);
        return odd;
    }
}
