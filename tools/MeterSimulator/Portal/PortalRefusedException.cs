namespace MeterSimulator.Portal;

/// <summary>The portal does not let us set the fleet up; the message says what to do. Trying again would not help.</summary>
internal sealed class PortalRefusedException(string message) : Exception(message);
