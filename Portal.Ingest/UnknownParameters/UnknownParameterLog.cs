using Portal.Data;
using Portal.Data.Counts;
using Portal.TimeSeries;
using UnknownParameter = Portal.Domain.Decoding.UnknownParameter;

namespace Portal.Ingest.UnknownParameters;

/// <summary>
/// Keeps what meters post and nobody knows visible in <c>portal."UnknownParameters"</c>: by device and name, first and last seen,
/// and how often. Written every few seconds; counts of the last seconds before a crash are lost, which a list of curiosities bears.
/// </summary>
/// <remarks>Bound: 10,000 pairs of device and name between two writes; more are only counted by the instrument.</remarks>
internal sealed class UnknownParameterLog(
    UnknownParameterStore store,
    IngestInstruments instruments,
    TimeProvider clock,
    ILogger<UnknownParameterLog> logger
) : PacedWriter(clock)
{
    private readonly PendingCounts<(string ExternalId, string Name)> pending = new(10_000);

    public void Note(IReadOnlyList<UnknownParameter> parameters)
    {
        if (parameters.Count == 0)
        {
            return;
        }

        instruments.Unknown(parameters.Sum(parameter => parameter.Count));
        pending.Add(parameters.Select(parameter => KeyValuePair.Create((parameter.ExternalId, parameter.Name), parameter.Count)));
    }

    protected override async Task WriteAsync(bool last, CancellationToken cancellationToken)
    {
        try
        {
            await pending.WriteAsync(due => store.AddAsync(
                [.. due.Select(parameter => (parameter.Key.ExternalId, parameter.Key.Name, parameter.Value))], Clock.GetUtcNow(), cancellationToken));
        }
        catch (StoreUnavailableException e)
        {
            logger.LogWarning("Unknown parameters could not be written, they are tried again: {Reason}", e.Message);
        }
    }
}
