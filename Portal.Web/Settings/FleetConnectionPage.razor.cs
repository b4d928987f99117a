using Microsoft.Extensions.Localization;
using Portal.Contracts.Fleet;
using Portal.Web.Api;
using Portal.Web.Figures;
using Portal.Web.States;

namespace Portal.Web.Settings;

/// <summary>How the push to the operators' fleet goes.</summary>
public sealed partial class FleetConnectionPage(IngestApi api, IStringLocalizer<SettingsText> text) : DataComponent<FleetPushStatus>
{
    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(5);

    private IStringLocalizer<SettingsText> Text => text;

    protected override Task<FleetPushStatus> LoadAsync(CancellationToken cancellationToken) => api.FleetPushAsync(cancellationToken);

    private string State(FleetPushStatus status) => status switch
    {
        { Paused: true } => text["FleetPaused"],
        { LastError: not null } => text["FleetFailing"],
        { LastSuccessAt: null } => text["FleetStarting"],
        _ => text["FleetWell"],
    };

    private static Tone ToneOf(FleetPushStatus status) => status switch
    {
        { Paused: true } => Tone.Bad,
        { LastError: not null } => Tone.Warn,
        { LastSuccessAt: null } => Tone.Quiet,
        _ => Tone.Good,
    };

    private string Ago(DateTimeOffset? at) => at is { } time ? text["Ago", Numbers.Age(Data.At!.Value - time)] : Numbers.Unknown;
}
