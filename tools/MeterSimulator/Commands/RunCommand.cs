using System.CommandLine;
using MeterSimulator.Fleet;
using MeterSimulator.Running;

namespace MeterSimulator.Commands;

/// <summary>The options of <c>run</c>.</summary>
internal sealed class RunCommand : Command
{
    private readonly Option<Uri> _portal = FleetArguments.Url("--portal", "The portal's gateway.", new("http://127.0.0.1:8080"));

    private readonly Option<string?> _host = new("--host")
    {
        Description = "The stack's host name, sent as Host header, such as abc0001.localhost. Default: the host of --portal.", HelpName = "name",
    };

    private readonly Option<string?> _email = new("--admin-email")
    {
        Description = "Signs in as this admin (password in SIMULATOR_ADMIN_PASSWORD) and registers what is missing. Without it nothing is registered.",
        HelpName = "address",
    };

    private readonly Option<string> _keyFile = new("--key-file")
    {
        Description = "File with the ingest key; made where it is missing.", DefaultValueFactory = _ => "simulator-key", HelpName = "path",
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Which fleet: 1 is a food company's, 2 a mall's and a town's; serials and curves differ by seed.", DefaultValueFactory = _ => 1,
    };

    private readonly Option<int?> _devices = new("--devices") { Description = "Number of meters, instead of the seed's own fleet." };

    private readonly Option<TimeSpan?> _history = FleetArguments.Span(
        "--history", "Backfills this much at the start, newest day first. Default: nothing.", TimeSpan.Zero);

    private readonly Option<TimeSpan?> _interval = FleetArguments.Span(
        "--interval", "Time between two readings of a meter. Default: 60s.", TimeSpan.FromSeconds(1));

    private readonly Option<TimeSpan?> _outage = FleetArguments.Span(
        "--outage", "Cuts the fleet off for this long soon after it is live, then replays what gathered. With --once: the last so long.",
        TimeSpan.Zero);

    private readonly Option<string> _replay = new("--replay")
    {
        Description = "Order in which what gathered is replayed.", DefaultValueFactory = _ => "newest-first",
    };

    private readonly Option<double> _duplicate = FleetArguments.Share("--duplicate", "Share of posts that are sent twice.");
    private readonly Option<double> _outOfOrder = FleetArguments.Share("--out-of-order", "Share of posts that later ones overtake.");
    private readonly Option<double> _nan = FleetArguments.Share("--nan", "Share of values that the meter can't tell (\"nan\", \"----\", …).");

    private readonly Option<TimeSpan?> _drift = FleetArguments.Span(
        "--clock-drift", "The meters' clocks are ahead by this; behind with =-90s.", least: null);

    private readonly Option<MeterEventAt?> _reset;
    private readonly Option<MeterEventAt?> _ctChange;

    private readonly Option<bool> _unknown = new("--unknown-device") { Description = "One more meter posts that is not registered." };

    private readonly Option<double> _speed = new("--speed")
    {
        Description = "Lives through the history at this many times the clock's pace, post by post, instead of backfilling it.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<bool> _once = new("--once") { Description = "Posts the history and one reading of each meter, then ends." };

    public RunCommand(TimeProvider time)
        : base("run", "Registers a fleet where it is missing, backfills its history and posts live until stopped.")
    {
        _reset = FleetArguments.Event("--register-reset", "A meter's registers start from zero at this time.", time);
        _ctChange = FleetArguments.Event("--ct-change", "From this time on a meter reads twice as much: its CT ratio was set right.", time);
        _replay.AcceptOnlyFromAmong("newest-first", "oldest-first");
        foreach (var option in (Option[])
            [_portal, _host, _email, _keyFile, _seed, _devices, _history, _interval, _outage, _replay, _duplicate, _outOfOrder, _nan, _drift,
             _reset, _ctChange, _unknown, _speed, _once])
        {
            Options.Add(option);
        }

        SetAction((parsed, cancellation) => RunAsync(Read(parsed), time, cancellation));
    }

    private static async Task<int> RunAsync(RunSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        var errors = RunRules.Errors(settings, time).ToList(); // not a validator: those run before defaults are known
        foreach (var error in errors) await Console.Error.WriteLineAsync(error);
        if (errors.Count > 0) return RunAction.NotStarted;
        var password = Environment.GetEnvironmentVariable("SIMULATOR_ADMIN_PASSWORD");
        return await RunAction.RunAsync(settings, password, Console.Out, time, cancellation);
    }

    private RunSettings Read(ParseResult given)
    {
        var portal = given.GetValue(_portal)!;
        return new(portal, given.GetValue(_host) ?? portal.Authority, given.GetValue(_email), given.GetValue(_keyFile)!, new RunOptions
        {
            Fleet = new FleetOptions
            {
                Seed = given.GetValue(_seed),
                Devices = given.GetValue(_devices),
                UnknownDevice = given.GetValue(_unknown),
                ClockDrift = given.GetValue(_drift) ?? TimeSpan.Zero,
                AbsentShare = given.GetValue(_nan),
                RegisterReset = given.GetValue(_reset),
                CtChange = given.GetValue(_ctChange),
            },
            History = given.GetValue(_history) ?? TimeSpan.Zero,
            Interval = given.GetValue(_interval) ?? TimeSpan.FromSeconds(60),
            Outage = given.GetValue(_outage) ?? TimeSpan.Zero,
            Replay = given.GetValue(_replay) == "oldest-first" ? ReplayOrder.OldestFirst : ReplayOrder.NewestFirst,
            Duplicates = given.GetValue(_duplicate),
            OutOfOrder = given.GetValue(_outOfOrder),
            Speed = given.GetValue(_speed),
            Once = given.GetValue(_once),
        });
    }
}
