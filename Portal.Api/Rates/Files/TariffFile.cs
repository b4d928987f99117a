using Portal.Domain.Tariffs;

namespace Portal.Api.Rates.Files;

/// <summary>A tariff as a file says it, before it meets what is stored.</summary>
/// <param name="Clocks">Those that the file brings along; versions may name stored ones as well.</param>
/// <param name="Versions">Each with the name of its clock; <see cref="TariffVersion.Clock"/> is null.</param>
internal sealed record TariffFile(FileNode Root, string Municipality, string Name, IReadOnlyList<TariffClock> Clocks, IReadOnlyList<FileVersion> Versions);

/// <param name="ClockName">Null for a version without a clock.</param>
internal sealed record FileVersion(TariffVersion Version, string? ClockName);
