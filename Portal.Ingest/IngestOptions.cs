using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Portal.Ingest;

/// <summary>Section <c>Ingest</c>: how much is taken at once.</summary>
public sealed class IngestOptions
{
    public const string SectionName = "Ingest";

    /// <summary>
    /// Largest post in MiB, as sent and decompressed: a month of a meter's log with 40 parameters a minute is about 20 MiB of JSON.
    /// </summary>
    [Range(1, 1024)]
    public int MaxBodyMiB { get; set; } = 64;

    /// <summary>
    /// Memory in MiB that all posts under way may take together, bodies and rows; above it new ones are answered 503. It leaves half of a
    /// container of 1 GiB to the rest of the process. One key gets half of it at most, and the rows of the largest post take 96 MiB.
    /// </summary>
    [Range(256, 65536)]
    public int MaxBufferedMiB { get; set; } = 512;

    internal long MaxBodyBytes => MaxBodyMiB * 1024L * 1024;

    internal long MaxBufferedBytes => MaxBufferedMiB * 1024L * 1024;
}

[OptionsValidator]
internal sealed partial class IngestOptionsRanges : IValidateOptions<IngestOptions>;

/// <summary>What the ranges of the single fields don't say.</summary>
internal sealed class IngestOptionsValidator : IValidateOptions<IngestOptions>
{
    public ValidateOptionsResult Validate(string? name, IngestOptions options) =>
        // One key gets half of the memory at most, and a growing body is copied once: two buffers at a time.
        options.MaxBufferedMiB < 4 * options.MaxBodyMiB
            ? ValidateOptionsResult.Fail(
                $"Ingest__MaxBufferedMiB is {options.MaxBufferedMiB}, too little for one post of Ingest__MaxBodyMiB = {options.MaxBodyMiB}; "
                    + $"set it to at least {4 * options.MaxBodyMiB}, or allow smaller posts."
            )
            : ValidateOptionsResult.Success;
}
