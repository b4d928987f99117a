namespace Portal.Domain.Tariffs;

/// <summary>Why energy over an interval is an estimate, or not known. None: read at both edges.</summary>
[Flags]
public enum EnergyDoubts
{
    None = 0,

    /// <summary>An edge lies between two readings that are too far apart: the register was interpolated.</summary>
    Interpolated = 1,

    /// <summary>The register was reset in it.</summary>
    Reset = 2,

    /// <summary>Readings begin within it, or end.</summary>
    Partial = 4,

    /// <summary>One of the site's main meters had gone silent: its part is missing.</summary>
    Silent = 8,

    /// <summary>Nothing is known.</summary>
    Missing = 16,

    /// <summary>There was no reactive energy to take into account.</summary>
    NoReactive = 32,
}
