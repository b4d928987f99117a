using Portal.Data;
using Portal.Domain.Decoding;
using Portal.Domain.Measurements;
using Portal.Ingest.Pipeline;
using Portal.Testing;
using Portal.TimeSeries;

namespace Portal.Ingest.Tests.Pipeline;

public sealed class IngestPipelineTests : IAsyncLifetime
{
    private const string Meter = "AN1";

    private PipelineHost host = null!;

    public async Task InitializeAsync()
    {
        host = await PipelineHost.StartAsync();
        await host.DeviceAsync(Meter);
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    [PostgresFact]
    public async Task Posts_that_arrive_while_others_are_written_share_the_next_commits()
    {
        Task<WriteResult>[] posts;
        var held = await host.HoldAsync(Meter);
        await using (held)
        {
            posts = Enumerable.Range(0, 500).Select(minute => Submit(PipelineHost.Post(Meter, minute))).ToArray();
        }

        var results = await Task.WhenAll(posts).WaitAsync(PipelineHost.Deadline);
        await Task.WhenAll(held.Busy).WaitAsync(PipelineHost.Deadline);

        Assert.All(results, result => Assert.Equal([RowOutcome.Accepted], result.Outcomes));
        Assert.Equal(502L, await host.RowsAsync(Meter));
        Assert.Equal(502, host.Commits.Sum());
        Assert.InRange(host.Commits.Count, 3, 10);
    }

    [PostgresFact]
    public async Task Posts_with_an_instant_in_common_are_each_answered_for_themselves()
    {
        Task<WriteResult> first, same, fills, local;
        var held = await host.HoldAsync(Meter);
        await using (held)
        {
            first = Submit(PipelineHost.Post(Meter, 1));
            same = Submit(PipelineHost.Post(Meter, 1));
            fills = Submit(PipelineHost.Post(Meter, 1, quantity: Quantities.Voltage1V));
            local = Submit(PipelineHost.Post(Meter, 1, isLocal: true));
        }

        // Two writers take turns, so which of the three equal ones comes first is open; that one alone stored something is not.
        RowOutcome[] equal = [Outcome(await first), Outcome(await same), Outcome(await local)];
        Assert.Equal([RowOutcome.Accepted, RowOutcome.Duplicate, RowOutcome.Duplicate], equal.Order());
        Assert.Equal(RowOutcome.Accepted, Outcome(await fills));
        await Task.WhenAll(held.Busy).WaitAsync(PipelineHost.Deadline);
        Assert.Equal(3L, await host.RowsAsync(Meter));
    }

    [PostgresFact]
    public async Task A_post_that_can_not_be_written_takes_no_neighbour_with_it()
    {
        // Its rows have local times, and this machine has no such zone.
        await host.DeviceAsync("poison", "Mars/Base");
        Task<WriteResult>[] good;
        Task<WriteResult> poison;
        await using (await host.HoldAsync(Meter))
        {
            good = Enumerable.Range(0, 10).Select(minute => Submit(PipelineHost.Post(Meter, minute))).ToArray();
            poison = Submit(PipelineHost.Post("poison", 1, isLocal: true));
            good = [.. good, .. Enumerable.Range(10, 10).Select(minute => Submit(PipelineHost.Post(Meter, minute)))];
        }

        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => poison.WaitAsync(PipelineHost.Deadline));
        Assert.All(await Task.WhenAll(good).WaitAsync(PipelineHost.Deadline), result => Assert.Equal(RowOutcome.Accepted, Outcome(result)));
        Assert.Equal([RowOutcome.Accepted], (await Submit(PipelineHost.Post(Meter, 99))).Outcomes);
    }

    [PostgresFact]
    public async Task A_full_queue_refuses_and_takes_posts_again_once_it_has_room()
    {
        var taken = new List<Task<WriteResult>>();
        await using (await host.HoldAsync(Meter))
        {
            for (var i = 0; i < 4; i++)
            {
                // One row to store and many that were refused before: they count as rows all the same.
                var batch = PipelineHost.Post(Meter, 1).Batch;
                while (batch.Count < PostQueue.MaxRows / 4)
                {
                    batch.AddRefused(0, batch.Count, RowOutcome.InvalidTime);
                }

                taken.Add(Submit(new DecodedPost(batch)));
            }

            await Assert.ThrowsAsync<PipelineFullException>(() => Submit(PipelineHost.Post(Meter, 2)));
        }

        await Task.WhenAll(taken).WaitAsync(PipelineHost.Deadline);
        Assert.Equal(1, taken.Count(task => Outcome(task.Result) == RowOutcome.Accepted));
        Assert.Equal([RowOutcome.Accepted], (await Submit(PipelineHost.Post(Meter, 2))).Outcomes);
    }

    [PostgresFact]
    public async Task A_caller_who_gives_up_neither_loses_its_row_nor_holds_up_its_neighbours()
    {
        Task<WriteResult> neighbour;
        await using (await host.HoldAsync(Meter))
        {
            using var impatient = new CancellationTokenSource();
            var given = host.Pipeline.SubmitAsync(PipelineHost.Post(Meter, 1), impatient.Token);
            neighbour = Submit(PipelineHost.Post(Meter, 2));
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        }

        Assert.Equal(RowOutcome.Accepted, Outcome(await neighbour.WaitAsync(PipelineHost.Deadline)));
        Assert.Equal(RowOutcome.Duplicate, Outcome(await Submit(PipelineHost.Post(Meter, 1))));
    }

    [PostgresFact]
    public async Task What_was_taken_before_a_shutdown_is_written_and_answered_and_nothing_is_taken_after()
    {
        Task<WriteResult>[] posts;
        Task stopping;
        await using (await host.HoldAsync(Meter))
        {
            posts = Enumerable.Range(0, 50).Select(minute => Submit(PipelineHost.Post(Meter, minute))).ToArray();
            stopping = host.Pipeline.StopAsync(CancellationToken.None);
            await Assert.ThrowsAsync<PipelineFullException>(() => Submit(PipelineHost.Post(Meter, 51)));
            Assert.False(stopping.IsCompleted);
        }

        Assert.All(await Task.WhenAll(posts).WaitAsync(PipelineHost.Deadline), result => Assert.Equal(RowOutcome.Accepted, Outcome(result)));
        await stopping.WaitAsync(PipelineHost.Deadline);
        Assert.Equal(52L, await host.RowsAsync(Meter));
    }

    [PostgresFact]
    public async Task A_connection_lost_in_the_middle_fails_its_posts_alone_and_the_next_are_written()
    {
        await using (var held = await host.HoldAsync(Meter))
        {
            await using var kill = host.DataSource.CreateCommand(
                """
                WITH blocked AS MATERIALIZED (SELECT pid FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid)))
                SELECT coalesce(array_agg(pid), '{}') FROM blocked WHERE pg_terminate_backend(pid)
                """
            );
            kill.Parameters.Add(new() { Value = held.ProcessId });
            var killed = new HashSet<int>(); // one that is dying is seen once more
            while (killed.Count < 2)
            {
                killed.UnionWith((int[])(await kill.ExecuteScalarAsync())!);
            }

            foreach (var lost in held.Busy)
            {
                await Assert.ThrowsAsync<StoreUnavailableException>(() => lost.WaitAsync(PipelineHost.Deadline));
            }
        }

        Assert.Equal(0L, await host.RowsAsync(Meter));
        Assert.Equal([RowOutcome.Accepted], (await Submit(PipelineHost.Post(Meter, 1))).Outcomes);
    }

    private Task<WriteResult> Submit(DecodedPost post) => host.Pipeline.SubmitAsync(post, CancellationToken.None);

    private static RowOutcome Outcome(WriteResult result) => result.Outcomes[0];
}
