using Portal.AppHost.CommandLine;

return AspireEntry.IsFor(args)
    ? await AspireEntry.RunAsync(args)
    : await PortalCommand.RunAsync(args, TimeProvider.System);
