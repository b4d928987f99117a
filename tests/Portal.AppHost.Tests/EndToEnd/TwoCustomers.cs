using Portal.Testing;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>The product with its two customers, started once for all tests that leave it as they found it: everything ready, every customer pushing.</summary>
public sealed class TwoCustomers : RunningPortal, IAsyncLifetime
{
    /// <summary>What <c>./portal up</c> printed.</summary>
    public string UpOutput { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (new PostgresFactAttribute().Skip is not null) return;
        (var exitCode, UpOutput) = await UpAsync(customers: 2);
        Assert.True(exitCode == 0, UpOutput);

        // On a busy machine registering outlasts the start; it goes on by itself.
        var from = TimeProvider.System.GetTimestamp();
        while ((string?)(await StatusAsync())["fleet"] is var fleet && fleet?.Contains("customers push", StringComparison.Ordinal) != true)
            Assert.True(TimeProvider.System.GetElapsedTime(from) < TimeSpan.FromMinutes(2), $"the customers are not registered: {fleet}");
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
}

/// <summary>Two cores are busy enough with one product at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProduct : ICollectionFixture<TwoCustomers>
{
    public const string Name = "whole product";
}
