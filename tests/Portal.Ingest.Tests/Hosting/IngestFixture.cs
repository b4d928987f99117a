using Portal.Testing;

namespace Portal.Ingest.Tests.Hosting;

/// <summary>One host and one database for all tests of a class.</summary>
public class IngestFixture : IAsyncLifetime
{
    public IngestHost Host { get; private set; } = null!;

    protected virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            Host = await IngestHost.StartNewAsync("ingest", Settings);
        }
    }

    public async Task DisposeAsync()
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }
    }
}

/// <summary>The same with the smallest limit of a body, so that tests of limits need few bytes.</summary>
public sealed class SmallBodiesFixture : IngestFixture
{
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Ingest:MaxBodyMiB"] = "1" };
}
