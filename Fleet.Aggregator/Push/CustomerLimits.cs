using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Fleet.Aggregator.Push;

/// <summary>
/// How much of one customer is taken, so that one stack's backlog or fault leaves room for the others: batches under way at once, batches a
/// minute and rows a minute. The last two are buckets that fill up evenly: a minute's worth may come at once after a quiet minute.
/// </summary>
internal sealed class CustomerLimits(IOptions<PushOptions> options, TimeProvider clock)
{
    private readonly PushOptions limits = options.Value;

    // Bound: registered customers, since only their tokens get here.
    private readonly ConcurrentDictionary<int, Account> accounts = new();

    /// <summary>Takes a batch in; null where it is one too many, with the reason. Disposing it lets the next one in.</summary>
    public (Entry? Entry, PushRefusal? Refusal) Enter(int customerId)
    {
        var account = accounts.GetOrAdd(customerId, _ => new Account(limits, clock.GetTimestamp()));
        lock (account)
        {
            if (account.UnderWay >= limits.ConcurrentBatches)
            {
                return (null, PushRefusal.CustomerTooBusy);
            }

            Fill(account);
            if (account.Batches.Take(1) is { } wait)
            {
                return (null, PushRefusal.TooMuch($"A customer may send {limits.BatchesPerMinute} batches a minute.", wait));
            }

            account.UnderWay++;
            return (new Entry(this, account), null);
        }
    }

    private PushRefusal? TakeRows(Account account, int rows)
    {
        lock (account)
        {
            Fill(account);
            return account.Rows.Take(rows) is { } wait
                ? PushRefusal.TooMuch($"A customer may send {limits.RowsPerMinute} rows a minute.", wait)
                : null;
        }
    }

    private void Fill(Account account)
    {
        var now = clock.GetTimestamp();
        var passed = clock.GetElapsedTime(account.Seen, now);
        account.Seen = now;
        account.Batches.Fill(passed);
        account.Rows.Fill(passed);
    }

    /// <summary>A batch that is under way.</summary>
    internal sealed class Entry : IDisposable
    {
        private readonly CustomerLimits owner;
        private readonly Account account;

        internal Entry(CustomerLimits owner, Account account) => (this.owner, this.account) = (owner, account);

        /// <summary>Takes its rows; a refusal where they are too many for now.</summary>
        public PushRefusal? TakeRows(int rows) => owner.TakeRows(account, rows);

        public void Dispose()
        {
            lock (account)
            {
                account.UnderWay--;
            }
        }
    }

    internal sealed class Account(PushOptions limits, long seen)
    {
        public int UnderWay { get; set; }

        public long Seen { get; set; } = seen;

        public Bucket Batches { get; } = new(limits.BatchesPerMinute);

        public Bucket Rows { get; } = new(limits.RowsPerMinute);
    }

    /// <summary>Holds a minute's worth, and starts full.</summary>
    internal sealed class Bucket
    {
        private readonly double perMinute;
        private double level;

        public Bucket(int perMinute) => this.perMinute = level = perMinute;

        public void Fill(TimeSpan passed) => level = Math.Min(perMinute, level + (perMinute * passed.TotalMinutes));

        /// <returns>Null where it was taken, else how long to wait for it. A take of more than a minute's worth needs a full bucket.</returns>
        public TimeSpan? Take(int amount)
        {
            var needed = Math.Min(amount, perMinute);
            if (level >= needed)
            {
                level -= amount;
                return null;
            }

            return TimeSpan.FromMinutes((needed - level) / perMinute);
        }
    }
}
