using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Push;

public sealed class GroupCommitTests(AggregatorApp app) : IClassFixture<AggregatorApp>
{
    [PostgresFact]
    public async Task Batches_of_many_customers_that_arrive_together_make_up_few_commits_and_each_gets_its_own_answer()
    {
        using var busy = await app.RegisterAsync();
        var stacks = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => app.RegisterAsync()));
        await Task.WhenAll(stacks.Select(stack => stack.PushDevicesAsync("D")));
        using var commits = new Commits(app.Services.GetRequiredService<IMeterFactory>());

        Task<Portal.Contracts.Fleet.PushAnswer>[] pushes;
        await using (await app.HoldAsync(busy))
        {
            await app.OccupyAsync(() => busy.PushAsync("measurements", "[]"));
            pushes = [.. stacks.Select((stack, i) => stack.PushAsync("measurements", Rows(i)))];
            var beats = stacks.Take(10).Select(stack => stack.BeatAsync()).ToArray();
            var queue = app.Services.GetRequiredService<Fleet.Aggregator.Push.PushQueue>();
            await Eventually.TrueAsync(() => Task.FromResult(queue.Batches == 70), "all of them wait");
        }

        var answers = await Task.WhenAll(pushes);
        for (var i = 0; i < answers.Length; i++)
        {
            Assert.Equal((i % 3 + 1, 0, 1), (answers[i].Accepted, answers[i].Duplicate, answers[i].Rejected));
            Assert.Equal(i % 3 + 1L, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."PowerMeasurements" WHERE "CustomerId" = $1""", stacks[i].Id));
            Assert.Equal(new Counts(i % 3 + 2, i % 3 + 1, 0, 1), (await app.EventsAsync(stacks[i].Id))[^1].Rows);
        }

        await Eventually.TrueAsync(() => Task.FromResult(commits.Sizes.Sum() >= 73), "all are counted");
        Assert.InRange(commits.Sizes.Count, 4, 7); // three held ones, and the rest in one or two
    }

    private static string Rows(int i) =>
        "["
        + string.Join(',', Enumerable.Range(0, i % 3 + 1).Select(row => $$"""{"externalId":"D","time":"2026-11-10T10:{{row:00}}:00Z","activePowerKw":{{i}}}"""))
        + ""","x"]""";

    /// <summary>How many batches each commit of this application had.</summary>
    private sealed class Commits : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly List<int> sizes = [];

        public Commits(IMeterFactory own)
        {
            listener.InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "fleet.push.commit.batches" && ReferenceEquals(instrument.Meter.Scope, own))
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<int>(
                (_, size, _, _) =>
                {
                    lock (sizes)
                    {
                        sizes.Add(size);
                    }
                }
            );
            listener.Start();
        }

        public List<int> Sizes
        {
            get
            {
                lock (sizes)
                {
                    return [.. sizes];
                }
            }
        }

        public void Dispose() => listener.Dispose();
    }
}
