using Portal.Contracts.Fleet;
using Portal.Data.FleetPush;
using Portal.Domain.Measurements;

namespace Portal.Ingest.FleetPush;

/// <summary>
/// Compares with the fleet what both sides hold of each device and UTC day that is over, and mends what differs. Days that changed are compared as
/// soon as nothing of them waits to be pushed; all days once a night, when the push begins, and when the fleet was away: either side may have been
/// put back from an older backup; then today's too, as far as nothing of it waits. In small steps, so that measurements that come in meanwhile go first.
/// </summary>
internal sealed class LedgerPush(
    PushSession session,
    PushCourier courier,
    CataloguePush catalogue,
    LedgerMending mending,
    TimeProvider clock,
    ILogger logger,
    PushStopping stopping
)
{
    /// <summary>Rows of one question: the fleet hashes so many in a few seconds where it has not yet.</summary>
    private const long MostRows = 300_000;

    /// <summary>Today's days change all the time: 5,000 devices once.</summary>
    private const int MostHashesOfToday = 100;

    /// <summary>All days are compared anew after so many times as long as it took, at the soonest.</summary>
    private const int TimesBetween = 20;

    private static readonly TimeSpan ShortestBetween = TimeSpan.FromMinutes(1);

    /// <summary>A fleet's stacks don't all begin at midnight.</summary>
    private static readonly TimeSpan NightEnds = TimeSpan.FromHours(4);

    private static readonly DateOnly Beginning = DateOnly.FromDateTime(MeterClock.Floor.UtcDateTime);

    private readonly Queue<(LedgerDay There, LedgerEntry? Here)> open = new();
    private DateOnly? wholeTo; // where comparing all days has got to; null: it is not under way
    private TimeSpan wholeTook; // so far, what else was pushed meanwhile aside
    private int recoveries = -1; // the first one is due at once
    private DateTimeOffset nightly = DateTimeOffset.MaxValue;
    private (long Since, TimeSpan For) rest; // after a question that was not answered
    private (long Since, TimeSpan For) wholeRest;
    private int failures;
    private string? said;

    /// <summary>One bounded piece of work.</summary>
    /// <returns>False where nothing is to be done at the moment.</returns>
    public async Task<bool> StepAsync()
    {
        if (IsResting(rest))
        {
            return false;
        }

        if (open.TryDequeue(out var difference))
        {
            return await MendAsync(difference.There, difference.Here);
        }

        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (await session.Ledger.HashAsync(today, stopping.Now))
        {
            return true;
        }

        if (wholeTo is null && !IsResting(wholeRest) && (recoveries != courier.Recoveries || now >= nightly))
        {
            await BeginWholeAsync(today);
        }

        if (wholeTo is { } to)
        {
            var started = clock.GetTimestamp();
            var goesOn = await WholeAsync(to);
            wholeTook += clock.GetElapsedTime(started);
            return goesOn;
        }

        return await session.Ledger.NextAsync(today, stopping.Now) is { } day && await CompareAsync(day, day.AddDays(1)) is not null;
    }

    private async Task BeginWholeAsync(DateOnly today)
    {
        await catalogue.PushAnewAsync();
        await session.Ledger.BeginWholeAsync(stopping.Now);
        recoveries = courier.Recoveries;
        var tomorrow = today.AddDays(1);
        for (var i = 0; i < MostHashesOfToday && await session.Ledger.HashAsync(tomorrow, stopping.Now); i++)
        {
            // What comes in meanwhile is pending.
        }

        (wholeTo, wholeTook) = (tomorrow, TimeSpan.Zero);
    }

    private async Task<bool> WholeAsync(DateOnly to)
    {
        var from = await FromAsync(to);
        if (await CompareAsync(from, to) is not { } answer)
        {
            return false;
        }

        if (answer.Differences.Count >= PushLimits.MaxLedgerDays)
        {
            recoveries = -1; // there may be more of them
        }

        if (from > Beginning)
        {
            wholeTo = from;
            return true;
        }

        var now = clock.GetUtcNow();
        wholeTo = null;
        var pause = TimesBetween * wholeTook;
        wholeRest = (clock.GetTimestamp(), pause > ShortestBetween ? pause : ShortestBetween);
        nightly = now.UtcDateTime.Date.AddDays(1) + (NightEnds * Random.Shared.NextDouble());
        return true;
    }

    // As many whole days as one question may have, one at least; the oldest ones with all that lies before them, which the fleet may have.
    private async Task<DateOnly> FromAsync(DateOnly to)
    {
        var (days, rows, from) = (0, 0L, to);
        foreach (var size in await session.Ledger.SizesAsync(to, stopping.Now))
        {
            (days, rows) = (days + size.Days, rows + size.Rows);
            if (from < to && (days > PushLimits.MaxLedgerDays || rows > MostRows))
            {
                return from;
            }

            from = size.Day;
        }

        return Beginning;
    }

    /// <returns>Null where there was no answer: later again.</returns>
    private async Task<LedgerAnswer?> CompareAsync(DateOnly from, DateOnly to)
    {
        var entries = await session.Ledger.ReadAsync(from, to, stopping.Now);
        var answers = new List<LedgerAnswer>();
        string? after = null;
        for (var start = 0; start < entries.Count || start == 0; )
        {
            var end = End(entries, start);
            var until = end < entries.Count ? entries[end - 1].ExternalId : null;
            if (await AskAsync(from, to, after, until, entries.Skip(start).Take(end - start).ToList()) is not { } answer)
            {
                return null;
            }

            answers.Add(answer);
            (start, after) = (Math.Max(end, 1), until);
        }

        return new LedgerAnswer(answers.Sum(answer => answer.Equal), [.. answers.SelectMany(answer => answer.Differences)]);
    }

    // Between two serials: all days of one are said at once.
    private static int End(IReadOnlyList<LedgerEntry> entries, int start)
    {
        var end = Math.Min(start + PushLimits.MaxLedgerDays, entries.Count);
        while (end < entries.Count && end > start + 1 && entries[end].ExternalId == entries[end - 1].ExternalId)
        {
            end--;
        }

        return end;
    }

    private async Task<LedgerAnswer?> AskAsync(DateOnly from, DateOnly to, string? after, string? until, IReadOnlyList<LedgerEntry> entries)
    {
        var named = entries.Where(entry => entry.Content is { Rows: > 0 }).ToList();
        var pending = entries.Where(entry => entry.Content is null).Select(entry => new PendingDay(entry.ExternalId, entry.Day)).ToList();
        var request = new LedgerRequest(PushProtocol.Current, from, to, after, until, [.. named.Select(LedgerQuestions.Day)], pending);
        var outcome = await courier.TryAsync(LedgerQuestions.Compare(request), [], isBeside: true);
        if (outcome.Result != PushResult.Acknowledged || LedgerQuestions.Differences(outcome) is not { } answer)
        {
            Postpone(outcome);
            return null;
        }

        (failures, said) = (0, null);
        var differences = answer.Differences.ToDictionary(day => (day.ExternalId, day.Day));
        // What was neither equal nor different was not compared: the oldest days, where the fleet keeps rows for so long only.
        var skipped = named.Count - answer.Equal - named.Count(entry => differences.ContainsKey((entry.ExternalId, entry.Day)));
        var oldest = named.OrderBy(entry => entry.Day).Take(skipped).ToHashSet();
        await session.Ledger.ComparedAsync(
            named,
            [.. named.Select(entry => oldest.Contains(entry) ? (bool?)null : differences.ContainsKey((entry.ExternalId, entry.Day)))],
            clock.GetUtcNow(),
            stopping.Now
        );
        if (differences.Count > 0)
        {
            logger.LogWarning("The fleet holds {Count} device-days from {From:yyyy-MM-dd} to {To:yyyy-MM-dd} otherwise than this stack; mending them", differences.Count, from, to);
        }

        var here = named.ToDictionary(entry => (entry.ExternalId, entry.Day));
        foreach (var (key, there) in differences)
        {
            if (here.GetValueOrDefault(key) is { } own && there.Count == 0)
            {
                await session.Ledger.MendAsync(own, note: true, stopping.Now);
            }
            else
            {
                open.Enqueue((there, here.GetValueOrDefault(key)));
            }
        }

        return answer;
    }

    private async Task<bool> MendAsync(LedgerDay there, LedgerEntry? here)
    {
        if (await mending.MendAsync(there, here) is not { } failed)
        {
            return true;
        }

        if (failed.Result != PushResult.Unacceptable)
        {
            open.Enqueue((there, here));
        }

        Postpone(failed);
        return false;
    }

    private bool IsResting((long Since, TimeSpan For) pause) => clock.GetElapsedTime(pause.Since) < pause.For;

    // Measurements go on: a ledger that can't be compared at the moment keeps nothing from being pushed.
    private void Postpone(PushOutcome outcome)
    {
        rest = (clock.GetTimestamp(), outcome.RetryAfter ?? PushBackoff.After(++failures));
        var reason = outcome.Error ?? "the answer is not the fleet's";
        if (said != reason)
        {
            said = reason;
            logger.LogWarning("The delivery ledger can't be compared at the moment, it is tried again: {Reason}", reason);
        }
    }
}
