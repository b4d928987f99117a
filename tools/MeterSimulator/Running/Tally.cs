using System.Globalization;
using MeterSimulator.Portal;

namespace MeterSimulator.Running;

/// <summary>What was posted and what came of it, for one line a minute. Safe for several threads.</summary>
internal sealed class Tally
{
    private const int MostReasons = 16; // the wire contract has six

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _reasons = new(StringComparer.Ordinal);

    public long Posts { get; private set; }

    public long Accepted { get; private set; }

    public long Duplicate { get; private set; }

    public long Rejected { get; private set; }

    /// <summary>Attempts that have to be repeated.</summary>
    public long Retries { get; private set; }

    /// <summary>Posts that the receiver will never take.</summary>
    public long Refused { get; private set; }

    /// <summary>Readings that no longer fitted into a module's cache.</summary>
    public long GivenUp { get; private set; }

    public void Count(PostOutcome outcome)
    {
        lock (_gate)
        {
            switch (outcome)
            {
                case PostOutcome.Acknowledged { Answer: var answer }:
                    Posts++;
                    Accepted += answer.Accepted;
                    Duplicate += answer.Duplicate;
                    Rejected += answer.Rejected;
                    foreach (var reason in answer.Rejections ?? []) Because(reason.Reason ?? "unstated");
                    break;
                case PostOutcome.Refused:
                    Refused++;
                    break;
                case PostOutcome.TryAgain:
                    Retries++;
                    break;
            }
        }
    }

    public void GiveUp(long readings)
    {
        lock (_gate) GivenUp += readings;
    }

    /// <summary>One line, from the start on; <paramref name="waiting"/> readings are still in the caches.</summary>
    public string Summary(long waiting)
    {
        lock (_gate)
        {
            var because = _reasons.Count == 0 ? "" : $" ({string.Join(", ", _reasons.Keys)})";
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"{Posts:N0} posts; rows: {Accepted:N0} accepted, {Duplicate:N0} duplicate, {Rejected:N0} rejected{because}");
            if (waiting > 0) text += string.Create(CultureInfo.InvariantCulture, $"; {waiting:N0} readings waiting");
            if (Retries > 0) text += string.Create(CultureInfo.InvariantCulture, $"; {Retries:N0} attempts repeated");
            if (Refused > 0) text += string.Create(CultureInfo.InvariantCulture, $"; {Refused:N0} posts refused");
            if (GivenUp > 0) text += string.Create(CultureInfo.InvariantCulture, $"; {GivenUp:N0} readings given up, older than a cache holds");
            return text + ".";
        }
    }

    private void Because(string reason)
    {
        if (_reasons.TryGetValue(reason, out var count) || _reasons.Count < MostReasons) _reasons[reason] = count + 1;
    }
}
