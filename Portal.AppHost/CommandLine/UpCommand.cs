using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Portal.AppHost.Local;
using Portal.AppHost.Topology;

namespace Portal.AppHost.CommandLine;

/// <summary>The options of <c>up</c>.</summary>
internal sealed class UpCommand : Command
{
    /// <summary>Stands for <c>--admin-password</c>, so that it need not be seen in the list of processes.</summary>
    public const string AdminPasswordVariable = "PORTAL_ADMIN_PASSWORD";

    /// <summary>Stands for <c>--database</c>, likewise.</summary>
    public const string DatabaseVariable = "PORTAL_DATABASE";

    /// <summary>Stands for <c>--grafana</c>.</summary>
    public const string GrafanaVariable = "PORTAL_GRAFANA";

    private readonly Option<int> _customers = Number(
        "--customers", 1, CustomerCodes.Most, 2, $"How many customers' stacks to start, 1 to {CustomerCodes.Most}.");

    private readonly Option<string> _engine = new("--engine")
    {
        Description = "local: plain processes and a private PostgreSQL. aspire: under the Aspire dashboard, needs Docker. auto: aspire where it can, else local.",
        HelpName = "auto|aspire|local",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<bool> _noSimulator = new("--no-simulator") { Description = "Start no simulated meters." };

    private readonly Option<string?> _database = new("--database")
    {
        Description = $"Use this server instead of a private one; its user must be allowed to create databases. Also read from {DatabaseVariable}.",
        HelpName = "connection string",
    };

    private readonly Option<int> _port = Number("--port", 1, 65535, 8080, "The port to open in the browser, on this machine only.");

    private readonly Option<string?> _adminPassword = new("--admin-password")
    {
        Description = $"Password of {Stacks.AdminEmail} in stacks that are made now (default: {AdminPassword.Default}). Also read from {AdminPasswordVariable}.",
        HelpName = "password",
    };

    private readonly Option<string?> _grafana = new("--grafana")
    {
        Description = $"The Grafana to run beside each stack with --engine local, or {GrafanaInstallation.None} (default: one that is installed). Also read from {GrafanaVariable}.",
        HelpName = "path",
    };

    private readonly Option<bool> _detach = new("--detach") { Description = "Return when everything is ready, and leave it running." };

    public UpCommand(TimeProvider clock)
        : base("up", "Start the operators' stack, customers' stacks with simulated meters, and the gateway.")
    {
        foreach (var option in (Option[])[_customers, _engine, _noSimulator, _database, _port, _adminPassword, _grafana, _detach]) Options.Add(option);
        _engine.Validators.Add(result => OneOf(result, "auto", "aspire", "local"));
        _database.Validators.Add(result => NotEmpty(result, "a connection string"));
        _adminPassword.Validators.Add(result => NotEmpty(result, "a password"));
        _grafana.Validators.Add(result => NotEmpty(result, "the path of a program"));
        SetAction((parsed, _) => RunAsync(parsed, clock));
    }

    private async Task<int> RunAsync(ParseResult parsed, TimeProvider clock)
    {
        var options = new UpOptions
        {
            Customers = parsed.GetValue(_customers),
            Simulate = !parsed.GetValue(_noSimulator),
            Database = parsed.GetValue(_database) ?? Variable(DatabaseVariable),
            Port = parsed.GetValue(_port),
            AdminPassword = parsed.GetValue(_adminPassword) ?? Variable(AdminPasswordVariable),
            Grafana = parsed.GetValue(_grafana) ?? Variable(GrafanaVariable),
        };
        var repository = Repository.Find();
        var folder = StateFolder.Find(repository);
        var engine = await EngineChoice.ResolveAsync(parsed.GetValue(_engine)!, options, CancellationToken.None);
        if (parsed.GetValue(_detach)) return await DetachedUpAction.RunAsync(BackgroundLine(options, engine), options, folder, clock);
        return engine == EngineChoice.Aspire
            ? await AspireEntry.UpAsync(options, folder, clock)
            : await UpAction.RunAsync(options, folder, repository, clock);
    }

    /// <summary>The same command for the copy in the background, without what must not be seen in the list of processes.</summary>
    private static List<string> BackgroundLine(UpOptions options, string engine) =>
    [
        "up", "--engine", engine,
        "--customers", options.Customers.ToString(CultureInfo.InvariantCulture),
        "--port", options.Port.ToString(CultureInfo.InvariantCulture),
        .. options.Simulate ? (string[])[] : ["--no-simulator"],
        .. options.Grafana is { } grafana ? (string[])["--grafana", grafana] : [],
    ];

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static Option<int> Number(string name, int least, int most, int usual, string description) => new(name)
    {
        Description = description,
        HelpName = "number",
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
            result.AddError($"{name} must be a whole number from {least} to {most}, and was '{result.Tokens[0].Value}'.");
            return usual;
        },
    };

    private static void OneOf(OptionResult result, params string[] allowed)
    {
        if (result.Tokens is [{ Value: var given }] && !allowed.Contains(given))
            result.AddError($"{result.Option.Name} must be one of {string.Join(", ", allowed)}, and was '{given}'.");
    }

    private static void NotEmpty(OptionResult result, string what)
    {
        if (result.Tokens is [{ Value: var given }] && string.IsNullOrWhiteSpace(given)) result.AddError($"{result.Option.Name} is empty; give {what}, or leave it out.");
    }
}
