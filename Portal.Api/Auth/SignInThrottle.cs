using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Portal.Api.Auth;

/// <summary>
/// Slows guessing of passwords. Failures are counted per account and address, per account, and per address; successes are not
/// counted. Accounts that don't exist are counted like others, so a pause says nothing about them. Kept in memory: a restart
/// forgets, which costs an attacker more than it gives.
/// </summary>
internal sealed class SignInThrottle : IDisposable
{
    // Attempts on one account are checked one after the other, so that a hundred at once don't all pass before the first failure
    // counts. Accounts share these locks: bounded memory, and at most so many passwords are hashed at a time.
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 16).Select(_ => new SemaphoreSlim(1, 1))];
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly FailureCounter byPair;
    private readonly FailureCounter byAccount;
    private readonly FailureCounter byAddress;

    public SignInThrottle(TimeProvider clock, IOptions<SignInLimits> limits)
    {
        this.clock = clock;
        byPair = new FailureCounter(limits.Value.FailuresPerAccountAndAddress, limits.Value);
        byAccount = new FailureCounter(limits.Value.FailuresPerAccount, limits.Value);
        byAddress = new FailureCounter(limits.Value.FailuresPerAddress, limits.Value);
    }

    /// <summary>Waits for the account's turn. Dispose the attempt when its outcome is noted.</summary>
    public async Task<Attempt> BeginAsync(string account, IPAddress? address, CancellationToken cancellationToken)
    {
        var accountKey = Key(account.Trim().ToUpperInvariant());
        var network = Network(address);
        var turn = turns[(int)(accountKey % (uint)turns.Length)];
        await turn.WaitAsync(cancellationToken);
        return new Attempt(this, turn, Key($"{accountKey:x}|{network}"), accountKey, Key(network));
    }

    public void Dispose()
    {
        foreach (var turn in turns) turn.Dispose();
    }

    // Whoever has an IPv6 address has 2⁶⁴ of them.
    private static string Network(IPAddress? address)
    {
        if (address is null) return "unknown";
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4().ToString();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, 8) : address.ToString();
    }

    // Of a fixed size, however long the text was.
    private static UInt128 Key(string text) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>One attempt to sign in.</summary>
    internal sealed class Attempt(SignInThrottle throttle, SemaphoreSlim turn, UInt128 pair, UInt128 account, UInt128 address) : IDisposable
    {
        /// <summary>How long to refuse it; zero where it may be checked. A refused attempt is not counted.</summary>
        public TimeSpan Pause()
        {
            var now = throttle.clock.GetUtcNow();
            lock (throttle.gate)
            {
                var pause = throttle.byPair.Pause(pair, now);
                var ofAccount = throttle.byAccount.Pause(account, now);
                var ofAddress = throttle.byAddress.Pause(address, now);
                if (ofAccount > pause) pause = ofAccount;
                return ofAddress > pause ? ofAddress : pause;
            }
        }

        public void Failed()
        {
            var now = throttle.clock.GetUtcNow();
            lock (throttle.gate)
            {
                throttle.byPair.Add(pair, now);
                throttle.byAccount.Add(account, now);
                throttle.byAddress.Add(address, now);
            }
        }

        /// <summary>Forgets this person's typing errors; guesses from elsewhere stay counted.</summary>
        public void Succeeded()
        {
            lock (throttle.gate) throttle.byPair.Forget(pair);
        }

        public void Dispose() => turn.Release();
    }
}
