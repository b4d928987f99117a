using Portal.AppHost.CommandLine;
using Portal.AppHost.Terminal;

LastingOutput.Use();
return AspireEntry.IsFor(args)
    ? await AspireEntry.RunAsync(args)
    : await PortalCommand.RunAsync(args, TimeProvider.System);
