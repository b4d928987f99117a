namespace Portal.Data.Queries;

/// <summary>A register that the roll-ups keep.</summary>
public enum RolledUpRegister
{
    /// <summary>Active energy drawn from the network, kWh.</summary>
    Import,

    /// <summary>Active energy fed into the network, kWh.</summary>
    Export,

    /// <summary>Reactive energy drawn, kvarh.</summary>
    ReactiveImport,

    /// <summary>Reactive energy fed in, kvarh.</summary>
    ReactiveExport,
}
