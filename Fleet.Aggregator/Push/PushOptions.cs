using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Push;

/// <summary>Section <c>Push</c>: how much of the stacks' pushes is taken at once. Each aggregator counts for itself.</summary>
public sealed class PushOptions
{
    public const string SectionName = "Push";

    /// <summary>Largest batch in MiB, as sent and decompressed: <see cref="PushLimits.MaxRows"/> rows of forty values are about 50 MiB.</summary>
    [Range(1, 1024)]
    public int MaxBodyMiB { get; set; } = 64;

    /// <summary>
    /// Memory in MiB that all batches under way may take together, bodies and rows; above it new ones are answered 503. It leaves half of a
    /// container of 1 GiB to the rest of the process. One customer gets half of it at most.
    /// </summary>
    [Range(256, 65536)]
    public int MaxBufferedMiB { get; set; } = 512;

    /// <summary>
    /// Batches of one customer under way at once; above it 429. A stack pushes one after the other; two pushers during a restart, and a heartbeat
    /// of each, are four.
    /// </summary>
    [Range(1, 1000)]
    public int ConcurrentBatches { get; set; } = 4;

    /// <summary>
    /// Rows of one customer a minute; above it 429. A third of what two cores write, so that one stack's backlog leaves room for the others.
    /// </summary>
    [Range(PushLimits.MaxRows, 1_000_000_000)]
    public int RowsPerMinute { get; set; } = 2_000_000;

    /// <summary>Batches of one customer a minute, heartbeats and refused ones included; above it 429. Ten a second is what a backlog in batches of 5,000 rows needs at most.</summary>
    [Range(10, 1_000_000)]
    public int BatchesPerMinute { get; set; } = 600;

    internal long MaxBodyBytes => MaxBodyMiB * 1024L * 1024;

    internal long MaxBufferedBytes => MaxBufferedMiB * 1024L * 1024;
}

[OptionsValidator]
internal sealed partial class PushOptionsRanges : IValidateOptions<PushOptions>;

/// <summary>What the ranges of the single fields don't say.</summary>
internal sealed class PushOptionsValidator : IValidateOptions<PushOptions>
{
    public ValidateOptionsResult Validate(string? name, PushOptions options) =>
        // One customer gets half of the memory at most, and a growing body is copied once: two buffers at a time.
        options.MaxBufferedMiB < 4 * options.MaxBodyMiB
            ? ValidateOptionsResult.Fail(
                $"Push__MaxBufferedMiB is {options.MaxBufferedMiB}, too little for one batch of Push__MaxBodyMiB = {options.MaxBodyMiB}; "
                    + $"set it to at least {4 * options.MaxBodyMiB}, or allow smaller batches."
            )
            : ValidateOptionsResult.Success;
}
