namespace Portal.Data;

/// <summary>What a device measures within its site; stored by name. A site's total takes its mains, so that sub-meters don't count twice.</summary>
public enum DeviceRole
{
    /// <summary>At a point of supply: part of the site's total.</summary>
    Main,

    /// <summary>Behind a main meter: shown, never added to the total.</summary>
    Sub,

    /// <summary>At a generator (solar, diesel).</summary>
    Generation,

    /// <summary>Beside another meter, to check it.</summary>
    Check,
}
