using MeterSimulator.Posts;

namespace MeterSimulator.Fleet;

/// <summary>The communication module that posts; <see cref="Serial"/> is its own unless the form has no other place for the meter's.</summary>
internal sealed record Gateway(string Name, string Model, string Serial);

/// <summary>Which of a meter's values a data logger was set up to post.</summary>
internal enum LoggedValues
{
    Everything,
    WithoutRegisters,
    RegistersOnly,
}

/// <summary>One set-up post of a module: these meters, in this form, so often. A meter may have several.</summary>
internal sealed record DataLogger(
    Gateway Gateway, IReadOnlyList<MeterPlan> Meters, PostForm Form, Dialect Dialect, bool Multipart, bool Gzip)
{
    public LoggedValues Values { get; init; } = LoggedValues.Everything;

    /// <summary>Readings that are gathered before they are posted together.</summary>
    public int ReadingsPerPost { get; init; } = 1;

    /// <summary>Its own pace is this multiple of the fleet's interval.</summary>
    public int IntervalMultiple { get; init; } = 1;

    /// <summary>For logs and for telling loggers apart.</summary>
    public string Name => $"{Meters[0].Serial} form {Form}";
}
