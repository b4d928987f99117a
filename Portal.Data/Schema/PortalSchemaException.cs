namespace Portal.Data;

/// <summary>The schema could not be brought to what this assembly needs. It is logged already.</summary>
public sealed class PortalSchemaException(string message, Exception inner) : Exception(message, inner);
