using System.Runtime.InteropServices;
using Portal.Data;
using Portal.TimeSeries;
using UnknownParameter = Portal.Domain.Decoding.UnknownParameter;

namespace Portal.Ingest.UnknownParameters;

/// <summary>
/// Keeps what meters post and nobody knows visible in <c>portal."UnknownParameters"</c>: by device and name, first and last seen,
/// and how often. Written every few seconds; counts of the last seconds before a crash are lost, which a list of curiosities bears.
/// </summary>
internal sealed class UnknownParameterLog(
    UnknownParameterStore store,
    IngestInstruments instruments,
    TimeProvider clock,
    ILogger<UnknownParameterLog> logger
) : BackgroundService
{
    /// <summary>Pairs of device and name kept until they are written; more are only counted by the instrument.</summary>
    private const int MaxPending = 10_000;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Dictionary<(string ExternalId, string Name), long> pending = [];

    public void Note(IReadOnlyList<UnknownParameter> parameters)
    {
        if (parameters.Count == 0)
        {
            return;
        }

        instruments.Unknown(parameters.Sum(parameter => parameter.Count));
        lock (gate)
        {
            foreach (var parameter in parameters)
            {
                Add((parameter.ExternalId, parameter.Name), parameter.Count);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await WriteAsync(CancellationToken.None);
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        Dictionary<(string ExternalId, string Name), long> due;
        lock (gate)
        {
            (due, pending) = (pending, []);
        }

        if (due.Count == 0)
        {
            return;
        }

        try
        {
            var seen = due.Select(parameter => (parameter.Key.ExternalId, parameter.Key.Name, parameter.Value)).ToArray();
            await store.AddAsync(seen, clock.GetUtcNow(), cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            logger.LogWarning("{Count} unknown parameters could not be written, they are tried again: {Reason}", due.Count, e.Message);
            lock (gate)
            {
                foreach (var (key, count) in due)
                {
                    Add(key, count);
                }
            }
        }
    }

    private void Add((string ExternalId, string Name) key, long count)
    {
        if (pending.Count < MaxPending || pending.ContainsKey(key))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(pending, key, out _) += count;
        }
    }
}
