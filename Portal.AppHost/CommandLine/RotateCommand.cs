using System.CommandLine;
using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Checks;
using Portal.AppHost.Operations.Rotation;
using Portal.AppHost.Topology;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal rotate</c>: puts a new secret in the place of one, and keeps the old until the new one is proven.</summary>
internal sealed class RotateCommand : Command
{
    public RotateCommand(TimeProvider clock)
        : base("rotate", "Change a secret of a stack; the old one is kept until the new one is proven.")
    {
        Add(new Variable("db-password", "The password of the database's owner.", Timescale.Password, clock, (stack, host, pending) => new PasswordRotation(stack, host).Database(pending)));
        Add(new Variable("grafana-password", "The password of Grafana's own administrator.", Grafana.AdminPassword, clock, (stack, host, pending) => new PasswordRotation(stack, host).GrafanaAdmin(pending)));
        Add(new Variable("grafana-db-password", "The password with which Grafana reads the database.", Grafana.Password, clock, (stack, host, pending) => new PasswordRotation(stack, host).Reader(pending)));
        Add(new AdminPassword(clock));
        Add(new FleetToken(clock));
        Add(new IngestKey(clock));
    }

    private static string? Given(ParseResult parsed, Option<bool> stdin) => parsed.GetValue(stdin) ? PendingRotation.Checked(Console.In.ReadLine()) : null;

    private static Option<bool> Stdin() => new("--stdin") { Description = "Read the new secret from the standard input, in place of making one; say --yes with it." };

    // A stack's own admin, where nothing else is said.
    private static Credentials Admin(DeployedStack stack) => Credentials.Read(
        $"an admin of {stack.Host}", stack.Variables["Authentication__DefaultAdminPassword"] is { Length: > 0 } password ? (stack.Published.AdminEmail, password) : null);

    private sealed class Variable : StackCommand
    {
        private readonly Option<bool> _stdin = Stdin();
        private readonly string _secret;
        private readonly Func<DeployedStack, StackHost, PendingRotation, Plan> _plan;

        public Variable(string name, string description, string secret, TimeProvider clock, Func<DeployedStack, StackHost, PendingRotation, Plan> plan)
            : base(name, description, clock)
        {
            Options.Add(_stdin);
            (_secret, _plan) = (secret, plan);
        }

        protected override Task<int> RunAsync(ParseResult parsed, DeployedStack stack, StackHost host, CancellationToken cancel)
        {
            if (stack.Kind == StackKind.Edge) throw new UsageException($"{stack.Directory.Root} holds the edge, which has no such secret. Nothing was changed.");
            if (_secret != Timescale.Password && !stack.Published.Grafana) throw new UsageException($"{stack.Code} has no Grafana. Nothing was changed.");
            return _plan(stack, host, PendingRotation.Take(stack, PublishedStack.VariableOf(_secret)!, Given(parsed, _stdin))).RunAsync(Consent(parsed), Console.Out, cancel);
        }
    }

    private sealed class AdminPassword : StackCommand
    {
        private readonly Option<bool> _stdin = Stdin();
        private readonly AddressOptions _address = new();

        public AdminPassword(TimeProvider clock)
            : base("admin-password", "The password of the stack's first admin.", clock)
        {
            Options.Add(_stdin);
            _address.AddTo(this);
        }

        protected override Task<int> RunAsync(ParseResult parsed, DeployedStack stack, StackHost host, CancellationToken cancel)
        {
            if (stack.Kind == StackKind.Edge) throw new UsageException($"{stack.Directory.Root} holds the edge, which has no accounts. Nothing was changed.");
            var rotation = PendingRotation.Take(stack, PublishedStack.VariableOf(Stacks.AdminPassword)!, Given(parsed, _stdin));
            var current = Credentials.Read($"the admin {stack.Published.AdminEmail}", (stack.Published.AdminEmail, rotation.Old));
            if (current.Email != stack.Published.AdminEmail) throw new UsageException($"{Credentials.EmailVariable} is {current.Email}, and this changes the password of {stack.Published.AdminEmail}. Nothing was changed. Others change theirs in the portal, or an admin gives them a link.");
            return new AccountRotation(stack, _address.Read(parsed)).Password(rotation, current).RunAsync(Consent(parsed), Console.Out, cancel);
        }
    }

    private sealed class FleetToken : StackCommand
    {
        private readonly AddressOptions _address = new();

        public FleetToken(TimeProvider clock)
            : base("fleet-token", "The token with which a customer's stack pushes; asks for an operator of the Admin stack.", clock) => _address.AddTo(this);

        protected override Task<int> RunAsync(ParseResult parsed, DeployedStack stack, StackHost host, CancellationToken cancel)
        {
            var who = Credentials.Read($"an operator of {FleetTokenRotation.FleetOf(stack).Host}", null);
            return new FleetTokenRotation(stack, host, _address.Read(parsed), Clock).Token(who).RunAsync(Consent(parsed), Console.Out, cancel);
        }
    }

    private sealed class IngestKey : StackCommand
    {
        private readonly Option<string?> _key = new("--key") { Description = "The key that it follows, by its beginning, as Settings, Ingest keys shows it.", HelpName = "prefix" };
        private readonly Option<string?> _name = new("--name") { Description = "What a key is called that follows none.", HelpName = "name" };
        private readonly Option<bool> _revoke = new("--revoke") { Description = "Revoke the key that --key names, once meters post with the one after it." };
        private readonly AddressOptions _address = new();

        public IngestKey(TimeProvider clock)
            : base("ingest-key", "A key with which meters post: the new one is shown once, the old one is revoked by a second command.", clock)
        {
            foreach (var option in (Option[])[_key, _name, _revoke]) Options.Add(option);
            _address.AddTo(this);
            Validators.Add(result =>
            {
                var (key, name) = (result.GetValue(_key), result.GetValue(_name));
                if (result.GetValue(_revoke) ? key is null || name is not null : key is null == name is null)
                    result.AddError("Give --key PREFIX for one in the place of another, --name NAME for one more, or --key PREFIX --revoke to end the old one.");
            });
        }

        protected override Task<int> RunAsync(ParseResult parsed, DeployedStack stack, StackHost host, CancellationToken cancel)
        {
            if (stack.Kind != StackKind.Customer) throw new UsageException($"{stack.Code} has no meters, so no ingest keys. Nothing was changed.");
            var rotation = new IngestKeyRotation(stack, _address.Read(parsed));
            var plan = parsed.GetValue(_revoke) ? rotation.Revoke(Admin(stack), parsed.GetValue(_key)!) : rotation.Make(Admin(stack), parsed.GetValue(_key), parsed.GetValue(_name));
            return plan.RunAsync(Consent(parsed), Console.Out, cancel);
        }
    }
}
