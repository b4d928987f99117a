using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;
using Portal.Data.FleetPush;
using Portal.ServiceDefaults;
using Portal.TimeSeries;

namespace Portal.Ingest.FleetPush;

/// <summary>
/// Pushes what the stack stores to the fleet, every interval. Of several replicas one leads, by an advisory lock; the others look every few
/// seconds whether it is free. Where the push is disabled it is switched off in the database, and that is all.
/// </summary>
/// <remarks>On shutdown: <see cref="PushStopping"/>.</remarks>
internal sealed class FleetPusher(
    NpgsqlDataSource dataSource,
    PushTransport transport,
    PushTokenSource tokens,
    FleetPushInstruments instruments,
    MeasurementWriter writer,
    LostDevices devices,
    IOptions<FleetIngestOptions> options,
    TimeProvider clock,
    ILogger<FleetPusher> logger
) : BackgroundService
{
    /// <summary>Until a replica looks again whether the leader is gone, or the database back.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private volatile bool leads;
    private string? said;

    /// <summary>True where this process is the one that pushes.</summary>
    public bool Leads => leads;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = new PushStopping(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!options.Value.Enabled)
                {
                    await PushSwitch.OffAsync(dataSource, stopping.Now);
                    return;
                }

                await using var session = await PushSession.TryLeadAsync(dataSource, stopping.Now);
                if (session is not null)
                {
                    leads = true;
                    await SaidAsync(session, stopping);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException e)
            {
                Say(LogLevel.Warning, e);
            }
#pragma warning disable CA1031 // Meters must be able to post whatever the push meets; it says so and begins again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Say(LogLevel.Error, e);
            }
            finally
            {
                leads = false;
                instruments.Read(null);
            }

            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // What nobody has thought of is shown to admins too, and begins again like everything else.
    private async Task SaidAsync(PushSession session, PushStopping stopping)
    {
        try
        {
            await LeadAsync(session, stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException and not StoreUnavailableException)
        {
            var error = $"The push met an error of its own and begins again; the log has the details: {Secrets.Redact(e.Message)}";
            await session.Journal.FailedAsync(clock.GetUtcNow(), error, paused: false, stopping.Now);
            throw;
        }
    }

    private async Task LeadAsync(PushSession session, PushStopping stopping)
    {
        logger.LogInformation("Pushing to the fleet at {Host} every {Seconds} s", options.Value.IngestUrl!.Authority, options.Value.IntervalSeconds);
        if (options.Value is { ReadTokenFile: null, TokenFile: { } file })
        {
            logger.LogInformation("The token is the one of FleetIngest__Token, and {File} (FleetIngest__TokenFile) is not read", file);
        }

        var interval = options.Value.Interval;
        var courier = new PushCourier(session, transport, tokens, instruments, clock, logger, stopping, interval);
        var heartbeat = new PushHeartbeat(session, courier, instruments, clock, stopping, interval);
        courier.BetweenAttempts = heartbeat.IfDueAsync;
        var refused = new RefusedBatches(session, instruments, logger, stopping);
        var catalogue = new CataloguePush(session, courier, refused, tokens, clock, stopping, options.Value);
        var measurements = new MeasurementPush(session, courier, catalogue, refused, clock, stopping, options.Value.BatchSize);
        var mending = new LedgerMending(session, courier, measurements, writer, devices, clock, logger, stopping);
        var ledger = new LedgerPush(session, courier, catalogue, mending, clock, logger, stopping);

        // An interval that passes while a push is still under way begins the next one at once.
        using var timer = new PeriodicTimer(interval, clock);
        do
        {
            await session.SwitchOnAsync(stopping.Now);
            do
            {
                await heartbeat.DeliverAsync();
                await catalogue.PushAsync();
                while (!heartbeat.IsDue && (await measurements.RoundAsync(heartbeat.LastNote) || await ledger.StepAsync()))
                {
                    stopping.Soon.ThrowIfCancellationRequested();
                }
            } while (heartbeat.IsDue);

            said = null;
        } while (await timer.WaitForNextTickAsync(stopping.Soon));
    }

    // Once for each thing that is wrong, however often it happens.
    private void Say(LogLevel level, Exception exception)
    {
        if (said != exception.Message)
        {
            said = exception.Message;
            logger.Log(level, level == LogLevel.Error ? exception : null, "The push to the fleet is interrupted, it begins again: {Reason}", exception.Message);
        }
    }
}
