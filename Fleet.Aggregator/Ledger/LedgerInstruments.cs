using System.Diagnostics.Metrics;
using Fleet.Aggregator.Push;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Ledger;

/// <summary>What the ledger measures of itself, beside the pushes' instruments.</summary>
internal sealed class LedgerInstruments
{
    private readonly Counter<long> days;

    public LedgerInstruments(IMeterFactory meters) =>
        days = meters
            .Create(PushInstruments.Name)
            .CreateCounter<long>("fleet.ledger.days", "{day}", "Device-days that were compared, by outcome: equal or different");

    public void Compared(LedgerAnswer answer)
    {
        days.Add(answer.Equal, new KeyValuePair<string, object?>("outcome", "equal"));
        days.Add(answer.Differences.Count, new KeyValuePair<string, object?>("outcome", "different"));
    }
}
