using System.Text.Json;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.AppHost.Topology;
using Portal.Domain.Texts;

namespace Portal.AppHost.Registration;

/// <summary>
/// Makes this machine's customers known at the operators' stack, and keeps each one's push token in its file. Every start does it again:
/// what is there stays, what is missing, or not in force any more, is made anew.
/// </summary>
internal sealed class CustomerRegistration(UpOptions options, string password, StateFolder folder, TimeProvider clock)
{
    /// <summary>Registering takes some 20 ms a customer; where the operators' stack is slow, it goes on behind people's backs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Backoff _backoff = new() { First = TimeSpan.FromSeconds(1) };
    private readonly string _admin = options.UrlOf(Stacks.AdminCode);
    private readonly Stack[] _customers = [.. Stacks.Fleet(options.Customers, options.Simulate).Where(stack => stack.Mode == RunMode.Client)];

    private Task _running = Task.CompletedTask;
    private Action<string>? _later;

    /// <summary>How it stands, in a sentence without any secret; null before that is known.</summary>
    public string? Said { get; private set; }

    /// <summary>
    /// Begins, and returns when it is done, after five seconds at the latest. Then it goes on until it is done, or can't be done without a
    /// person, or is stopped.
    /// </summary>
    /// <param name="later">Takes what is said after the return.</param>
    public async Task StartAsync(Action<string> later, CancellationToken stop)
    {
        _running = RunAsync(stop);
        await Task.WhenAny(_running, Task.Delay(Patience, clock, stop));
        _later = later;
    }

    /// <summary>Ends once it is done or was stopped.</summary>
    public Task EndAsync() => _running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private async Task RunAsync(CancellationToken stop)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                Say(await OnceAsync(stop));
                return;
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or IOException or UnauthorizedAccessException or TaskCanceledException
                && !stop.IsCancellationRequested)
            {
                // Each step holds by itself, so an answer that was lost on the way does no harm.
                if (failures == 1) Say($"the customers could not be registered at {_admin} yet, which is tried again until it works: {e.Message}");
                await Task.Delay(_backoff.After(failures), clock, stop);
            }
        }
    }

    private void Say(string sentence)
    {
        Said = sentence;
        _later?.Invoke(sentence);
    }

    private async Task<string> OnceAsync(CancellationToken cancel)
    {
        using var api = new OperatorsApi($"http://127.0.0.1:{options.Port}", new Uri(_admin).Authority);
        if (!await api.SignInAsync(Stacks.AdminEmail, password, cancel)) return Refused();
        var known = await api.CustomersAsync(cancel);
        foreach (var stack in _customers)
        {
            var code = CodeOf(stack);
            if (!known.TryGetValue(code, out var customer)) await KeepAsync(stack, await api.RegisterAsync(code, $"Customer {code}", cancel));
            else if (!await HoldsAsync(stack, customer.TokenPrefix, cancel)) await KeepAsync(stack, await api.RotateAsync(customer.Id, cancel));
        }

        await api.SignOutAsync(cancel);
        return Done([.. _customers.Select(CodeOf).Where(code => known.TryGetValue(code, out var customer) && !customer.Active)]);
    }

    // A token is shown once: from here on it is kept even while everything stops.
    private Task KeepAsync(Stack stack, string token) => PrivateFile.WriteAsync(FileOf(stack), token, CancellationToken.None);

    private async Task<bool> HoldsAsync(Stack stack, string prefix, CancellationToken cancel) =>
        File.Exists(FileOf(stack)) && (await File.ReadAllTextAsync(FileOf(stack), cancel)).StartsWith(prefix, StringComparison.Ordinal);

    private string FileOf(Stack stack) => folder.Secret(stack.Code, Stacks.FleetToken);

    private string Done(string[] off)
    {
        var pushing = _customers.Length - off.Length;
        var switchedOff = off.Length == 0 ? "" : $"; {string.Join(", ", off)} {(off.Length == 1 ? "is" : "are")} switched off there";
        return $"{Counted.Of(pushing, "customer pushes", "customers push")} to {_admin}{switchedOff}.";
    }

    private string Refused()
    {
        var without = _customers.Where(stack => !File.Exists(FileOf(stack))).ToArray();
        var file = StateFolder.Readable(FileOf(without.FirstOrDefault() ?? _customers[0]));
        var changed = $"{_admin} does not let {Stacks.AdminEmail} in with the password of the first start";
        return without.Length == 0
            ? $"{changed}, so the customers push with the tokens that they have. Where one is refused, rotate it there (POST /api/fleet/customers/ID/rotate-token) and put the new one into the customer's file, as {file}."
            : $"{changed}, so {string.Join(", ", without.Select(CodeOf))} can't push. Register each there (POST /api/fleet/customers) and put its token into its file, as {file}.";
    }

    private static string CodeOf(Stack stack) => stack.Code.ToUpperInvariant();
}
