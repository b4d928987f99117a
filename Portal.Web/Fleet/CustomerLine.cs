using Portal.Contracts.Fleet;
using Portal.Web.States;

namespace Portal.Web.Fleet;

/// <summary>A customer on the dashboard, and what of it an operator should look at.</summary>
/// <param name="At">When the figures were taken.</param>
public sealed record CustomerLine(DashboardCustomer Customer, DateTimeOffset At)
{
    // A clock this far off makes bills wrong; rows of one five minutes ahead are refused (docs/CONFIGURATION.md).
    private static readonly TimeSpan ClockIsOff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClockIsWrong = TimeSpan.FromMinutes(5);

    // One a day, with two hours for its own taking.
    private static readonly TimeSpan BackupIsLate = TimeSpan.FromHours(26);
    private static readonly TimeSpan BackupIsOld = TimeSpan.FromDays(7);

    public Freshness Lag => Freshness.Of(Customer.LagSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    public TimeSpan? PushAge => At - Customer.LastPushAt;

    public TimeSpan? BackupAge => At - Customer.LastBackupAt;

    public Tone ClockTone => Math.Abs(Customer.ClockSkewSeconds ?? 0) is var off && off >= ClockIsWrong.TotalSeconds ? Tone.Bad : off >= ClockIsOff.TotalSeconds ? Tone.Warn : Tone.Quiet;

    public Tone BackupTone => BackupAge is not { } age ? Tone.Quiet : age >= BackupIsOld ? Tone.Bad : age >= BackupIsLate ? Tone.Warn : Tone.Quiet;

    /// <summary>Anything that isn't as it should be. Of a customer that was disabled nothing is expected.</summary>
    public bool NeedsALook => Customer.Active
        && (!Lag.IsFresh || Customer.SilentDevices > 0 || Customer.OpenDifferences > 0 || ClockTone != Tone.Quiet || BackupTone != Tone.Quiet);

    /// <summary>The worst first: the longest without data, then what else is wrong; last those that are disabled. Rows of live customers keep their places.</summary>
    public (int Group, double Lag) Rank => this switch
    {
        { Customer.Active: false } => (3, 0),
        { Lag.IsFresh: false, Customer.LagSeconds: { } seconds } => (0, -seconds),
        { NeedsALook: true } => (1, 0), // one that never pushed among them: nothing that worked has stopped
        _ => (2, 0),
    };

    /// <summary>Whether its code or name has this in it.</summary>
    public bool Matches(string? text) => string.IsNullOrEmpty(text)
        || Customer.Code.Contains(text, StringComparison.OrdinalIgnoreCase) || Customer.Name.Contains(text, StringComparison.OrdinalIgnoreCase);

    /// <summary>Release without the commit it was built from: <c>2.4.1</c>; a dash where unknown.</summary>
    public static string Release(string? version) => version?.Split('+')[0] ?? Figures.Numbers.Unknown;
}
