using System.Globalization;
using MeterSimulator.Fleet;
using MeterSimulator.Portal;
using MeterSimulator.Running;

namespace MeterSimulator.Commands;

/// <summary>Sets the fleet up in the portal and runs it.</summary>
internal static class RunAction
{
    /// <summary>Stopped as asked, or with --once all delivered.</summary>
    public const int Done = 0;

    /// <summary>It ran, but the portal refused posts for good.</summary>
    public const int Refused = 1;

    /// <summary>It could not begin.</summary>
    public const int NotStarted = 2;

    private const int MostMetersListed = 20;

    // A month of a meter by the minute takes a busy receiver some time to answer for.
    private static readonly TimeSpan LongestPost = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(
        RunSettings settings, string? password, TextWriter output, TimeProvider time, CancellationToken cancellation)
    {
        var log = new RunLog(output, time);
        var portal = new PortalAddress(settings.Portal, settings.Host);
        using var http = new HttpClient(
            new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(10) })
        {
            Timeout = LongestPost,
        };
        try
        {
            var fleet = FleetPlan.Create(settings.Options.Fleet);
            Introduce(log, fleet, settings, portal);
            var key = await KeyAsync(settings, password, fleet, new(http, portal, time, log.Complain), log, cancellation);
            var simulation = new Simulation(fleet, settings.Options, new(http, portal, key, time), log, time);
            await simulation.RunAsync(cancellation);
            return simulation.Tally.Refused > 0 ? Refused : Done;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Done;
        }
        catch (Exception wrong) when (wrong is PortalRefusedException or ArgumentException)
        {
            log.Write($"Can't start: {wrong.Message}");
            return NotStarted;
        }
    }

    private static async Task<string> KeyAsync(
        RunSettings settings, string? password, FleetPlan fleet, AdminApi api, RunLog log, CancellationToken cancellation)
    {
        var keyFile = new KeyFile(settings.KeyFile);
        if (settings.AdminEmail is null)
        {
            return await keyFile.ReadAsync(cancellation)
                ?? throw new PortalRefusedException($"There is no ingest key in {keyFile.Path}. Put one there, or give --admin-email to have one made.");
        }

        if (string.IsNullOrEmpty(password))
        {
            throw new PortalRefusedException($"Put the password of {settings.AdminEmail} into the environment variable SIMULATOR_ADMIN_PASSWORD.");
        }

        await api.SignInAsync(settings.AdminEmail, password, cancellation);
        return await new Provisioning(api, log.Write).RunAsync(fleet, keyFile, cancellation);
    }

    private static void Introduce(RunLog log, FleetPlan fleet, RunSettings settings, PortalAddress portal)
    {
        var options = settings.Options;
        log.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"Simulates {fleet.Meters.Count} meters on {fleet.Sites.Count} sites (seed {options.Fleet.Seed}) for {portal}, a reading every {Spans.Text(options.Interval)}."));
        foreach (var logger in fleet.Loggers.Take(MostMetersListed))
        {
            var meters = string.Join(", ", logger.Meters.Select(meter => $"{meter.Serial} {meter.Name} ({(meter.Registered ? meter.Role : "unknown to the portal")})"));
            log.Write($"  {meters}: form {logger.Form}, {(logger.Multipart ? "multipart" : "bare")}{(logger.Gzip ? ", gzip" : "")}, {logger.Dialect.Name} firmware");
        }

        if (fleet.Loggers.Count > MostMetersListed) log.Write($"  … and {fleet.Loggers.Count - MostMetersListed} more.");
        foreach (var knob in Knobs(options)) log.Write($"  {knob}");
    }

    private static IEnumerable<string> Knobs(RunOptions options)
    {
        var percent = (double share) => share.ToString("0.##%", CultureInfo.InvariantCulture);
        if (options.Duplicates > 0) yield return $"{percent(options.Duplicates)} of the posts are sent twice.";
        if (options.OutOfOrder > 0) yield return $"{percent(options.OutOfOrder)} of the posts are overtaken.";
        if (options.Fleet.AbsentShare > 0) yield return $"{percent(options.Fleet.AbsentShare)} of the values are absent.";
        if (options.Fleet.ClockDrift != TimeSpan.Zero) yield return $"The meters' clocks are off by {Spans.Text(options.Fleet.ClockDrift)}.";
        if (options.Fleet.RegisterReset is { } reset) yield return $"Registers of {reset.Serial ?? "the first meter"} start from zero at {reset.At:u}.";
        if (options.Fleet.CtChange is { } change) yield return $"{change.Serial ?? "The first meter"} reads twice as much from {change.At:u}.";
        if (options.Speed > 1) yield return $"Lives through the last {Spans.Text(options.History)} at {options.Speed:0.#} times the clock's pace.";
    }
}
