using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Fleet;
using Portal.Web.Api;
using Portal.Web.Figures;
using Portal.Web.States;

namespace Portal.Web.Fleet;

/// <summary>What of a customer's data is proven to be here, day by day. It never says more than was compared.</summary>
public sealed partial class LedgerTab(FleetApi api, IStringLocalizer<CustomerText> text) : DataComponent<LedgerState>
{
    [Parameter, EditorRequired]
    public int CustomerId { get; set; }

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(30);

    protected override object? Question => CustomerId;

    private IStringLocalizer<CustomerText> Text => text;

    protected override async Task<LedgerState> LoadAsync(CancellationToken cancellationToken) => new(await api.LedgerAsync(CustomerId, cancellationToken));

    private static string Day(DateOnly day) => day.ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture);

    private (Tone Tone, string Title, string Text) Verdict(CustomerLedger ledger) => ledger switch
    {
        { OpenDifferences: > 0 } => (Tone.Warn, text.Count("VerdictOpen", ledger.OpenDifferences), text["VerdictOpenText"]),
        { OldestUnproven: { } day } => (Tone.Warn, text["VerdictUnproven"], text.Count("VerdictUnprovenText", ledger.RowsProven, Day(day))),
        { ProvenDeviceDays: 0 } => (Tone.Quiet, text["VerdictNone"], text["VerdictNoneText"]),
        _ => (Tone.Good, text["VerdictProven"], text["VerdictProvenText", text.Count("Rows", ledger.RowsProven), text.Count("DeviceDays", ledger.ProvenDeviceDays)]),
    };

    private (string Word, Tone Tone) StateOf(LedgerDaySummary day) => day switch
    {
        { Today: true } => (text["DayOpen"], Tone.Quiet),
        { Open: > 0 } => (text["DayDiffers"], Tone.Warn),
        { Unproven: > 0 } => (text["DayNotCompared"], Tone.Quiet),
        _ => (text["DayProven"], Tone.Good),
    };
}
