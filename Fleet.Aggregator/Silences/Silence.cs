namespace Fleet.Aggregator.Silences;

/// <summary>What is silent.</summary>
public static class SilenceKinds
{
    /// <summary>Some devices of a stack that pushes.</summary>
    public const string Devices = "devices";

    /// <summary>The whole stack; nothing is known of its devices.</summary>
    public const string Stack = "stack";
}

/// <summary>Devices of a customer that fell silent together, or its whole stack: one event, however many.</summary>
public sealed class Silence
{
    public const int MaxExamples = 5;

    public int CustomerId { get; set; }

    public long Id { get; set; }

    /// <summary>One of <see cref="SilenceKinds"/>.</summary>
    public required string Kind { get; set; }

    /// <summary>The last sign of life before it.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When it was noticed.</summary>
    public DateTimeOffset NoticedAt { get; set; }

    /// <summary>Null while it goes on.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>How many devices fell silent; of a stack, how many it has.</summary>
    public int Devices { get; set; }

    /// <summary>Serials of up to <see cref="MaxExamples"/> of them.</summary>
    public required string[] Examples { get; set; }
}
