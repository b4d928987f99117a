using System.Text;
using Portal.AppHost.Manifests;
using Portal.AppHost.Topology;
using Portal.TimeSeries.Readers;

namespace Portal.AppHost.Operations.Rotation;

/// <summary>The passwords of the database's roles and of Grafana's administrator: each is proven before the old one is forgotten, and put back where it isn't.</summary>
internal sealed class PasswordRotation(DeployedStack stack, StackHost host)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const string Kept = "Both values stay in .rotation.";

    // Who makes Grafana's role and tables.
    private string Owner => stack.Kind == StackKind.Admin ? "aggregator" : "api";

    /// <summary>The password of the tables' owner.</summary>
    public Plan Database(PendingRotation rotation)
    {
        // The server's own container reads it when its data are made, and never again.
        string[] readers = [.. stack.Services.Where(service => service.Name != Timescale.Name && Reads(service)).Select(service => service.Name)];
        var plan = Begin($"Change the database password of {stack.Code}:", rotation);
        plan.Remark("Open connections stay. New ones are refused from the change of the role until the services have started anew, some seconds; meters post again.");
        var touched = false;
        // One step: between its parts new connections are refused, so nothing may end there.
        plan.Add($"Give it to the role, write it, start anew what reads it ({string.Join(", ", readers)}), and prove it", $"backup: psql, ALTER ROLE CURRENT_USER PASSWORD (a SCRAM verifier, by the standard input); {stack.VariablesPath}; {host.Says($"up {host.Named(readers)}")}", "The old password is in force.", BackOn(rotation, async cancel =>
        {
            await using (await host.OpenBackupAsync(cancel))
            {
                // Interrupted, it may have been changed; refused, it was not.
                touched = true;
                if (await AlterAsync(rotation.Old, rotation.New, rotation.New, cancel) is { } refused)
                {
                    touched = false;
                    throw refused;
                }
            }

            await rotation.WriteAsync(stack, rotation.New, cancel);
            await host.UpAsync(cancel, readers);
            await host.WaitUntilHealthyAsync(Patience, cancel, Healthy(readers));
            await using var open = await host.OpenBackupAsync(cancel);
            await RequireAsync(await SqlAsync("SELECT 1;", rotation.New, null, cancel), "The new password is refused");
        }, async () =>
        {
            if (!touched) return;
            await using var open = await host.OpenBackupAsync(CancellationToken.None);
            if (await AlterAsync(rotation.New, rotation.Old, rotation.Old, CancellationToken.None) is { } refused) throw refused;
            await rotation.WriteAsync(stack, rotation.Old, CancellationToken.None);
            await host.UpAsync(CancellationToken.None, readers);
        }));
        return End(plan, rotation);
    }

    /// <summary>The password with which Grafana reads the database. The service that owns the tables gives it to the role when it starts.</summary>
    public Plan Reader(PendingRotation rotation)
    {
        var role = stack.Services.Single(service => service.Name == Grafana.Name).Environment["POSTGRES_USER"] is Setting.Literal literal ? literal.Text : "";
        var plan = Begin($"Change the password with which Grafana reads the database of {stack.Code}:", rotation);
        plan.Remark($"Panels show no data from the start of {Owner} until Grafana's own, some seconds; {(Owner == "api" ? "meters post on" : "stacks push on")}.");
        plan.Add($"Write it, and start {Owner} and grafana anew", $"{stack.VariablesPath}; {host.Says($"up {host.Named([Owner])}")}; {host.Says("up grafana")}", "The old password is in force again.", BackOn(rotation, async cancel =>
        {
            await rotation.WriteAsync(stack, rotation.New, cancel);
            await RestartReadersAsync(cancel);
            await using var open = await host.OpenBackupAsync(cancel);
            await RequireAsync(await SqlAsync("SELECT 1;", rotation.New, role, cancel), $"The role {role} does not take the new password");
        }, async () =>
        {
            await rotation.WriteAsync(stack, rotation.Old, CancellationToken.None);
            await RestartReadersAsync(CancellationToken.None);
        }));
        return End(plan, rotation);
    }

    /// <summary>The password of Grafana's own administrator, which its variable sets on the first start alone.</summary>
    public Plan GrafanaAdmin(PendingRotation rotation)
    {
        var plan = Begin($"Change the password of Grafana's administrator of {stack.Code}:", rotation);
        plan.Remark("Nothing is started anew.");
        plan.Add("Set it in Grafana", "grafana: grafana cli admin reset-admin-password --password-from-stdin", $"Grafana's administrator has the old password. {Kept}", async cancel =>
        {
            var command = new ServiceCommand(Grafana.Name, ["grafana", "cli", "--homepath", "/usr/share/grafana", "admin", "reset-admin-password", "--password-from-stdin"]);
            await RequireAsync(await host.RunAsync(command with { Input = Text($"{rotation.New}\n") }, cancel), "Grafana refused it");
        });
        plan.Add("Write it", stack.VariablesPath, $"Grafana has the new password. {Kept}", cancel => rotation.WriteAsync(stack, rotation.New, cancel));
        return End(plan, rotation);
    }

    private static bool Reads(Service service) => service.Environment.Values.Any(setting => setting is Setting.Database or Setting.DatabasePart { Part: DatabasePart.Password });

    private static Plan Begin(string heading, PendingRotation rotation)
    {
        var plan = new Plan(heading);
        if (rotation.IsResumed) plan.Remark("Goes on with a rotation that broke off.");
        plan.Add("Keep the old and the new value until the new one is proven", rotation.Path, "Everything is as it was.", rotation.KeepAsync);
        return plan;
    }

    private static Plan End(Plan plan, PendingRotation rotation)
    {
        plan.Add("Forget the old value", $"remove {rotation.Path}", "The new value is in force.", _ =>
        {
            rotation.Forget();
            return Task.CompletedTask;
        });
        return plan;
    }

    private async Task RestartReadersAsync(CancellationToken cancel)
    {
        await host.UpAsync(cancel, Owner);
        await host.WaitUntilHealthyAsync(Patience, cancel, Owner);
        await host.UpAsync(cancel, Grafana.Name);
        await host.WaitUntilHealthyAsync(Patience, cancel, Grafana.Name);
    }

    // A backup job has no health of its own before the first backup of a stack, and on Kubernetes none at all.
    private static string[] Healthy(string[] services) => [.. services.Where(name => name != Timescale.Backup)];

    // Which of the two is in force, nobody knows after a rotation that broke off.
    private async Task<StepFailedException?> AlterAsync(string first, string second, string wanted, CancellationToken cancel)
    {
        var sql = $"ALTER ROLE CURRENT_USER PASSWORD '{ScramVerifier.Of(wanted)}';";
        var said = await SqlAsync(sql, first, null, cancel);
        return said.Succeeded || (await SqlAsync(sql, second, null, cancel)).Succeeded ? null : new($"The role's password could not be changed: {stack.Redacted(said.Said)}");
    }

    private Task<ToolAnswer> SqlAsync(string sql, string password, string? role, CancellationToken cancel) => host.RunAsync(
        new(Timescale.Backup, ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", .. role is null ? (string[])[] : ["-U", role]])
        {
            Environment = new Dictionary<string, string> { ["PGPASSWORD"] = password },
            Input = Text(sql),
        },
        cancel);

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private Task RequireAsync(ToolAnswer answer, string what) =>
        answer.Succeeded ? Task.CompletedTask : throw new StepFailedException($"{what}: {stack.Redacted(answer.Said)}");

    // A stack that does not run with the new value gets the old one back.
    private static Func<CancellationToken, Task> BackOn(PendingRotation rotation, Func<CancellationToken, Task> act, Func<Task> back) => async cancel =>
    {
        try
        {
            await act(cancel);
        }
        catch (Exception e) when (e is StepFailedException or UsageException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            try
            {
                await back();
            }
            catch (Exception again) when (again is StepFailedException or UsageException or IOException or UnauthorizedAccessException)
            {
                throw new StepFailedException($"{Clean(e, rotation)}\nGoing back failed too: {Clean(again, rotation)}\nThe old and the new value are in {rotation.Path}.", "mend that.");
            }

            rotation.Forget();
            if (e is OperationCanceledException) throw;
            throw new StepFailedException(Clean(e, rotation), (e as StepFailedException)?.Next);
        }
    };

    private static string Clean(Exception e, PendingRotation rotation) =>
        e.Message.Replace(rotation.New, "(secret)", StringComparison.Ordinal).Replace(rotation.Old, "(secret)", StringComparison.Ordinal);
}
