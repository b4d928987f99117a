using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Aggregator.Storage.Migrations
{
    /// <inheritdoc />
    public partial class IndexDevicesBySiteOnly : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Devices_CustomerId_SiteId",
                schema: "fleet",
                table: "Devices");

            migrationBuilder.CreateIndex(
                name: "IX_Devices_CustomerId_SiteId",
                schema: "fleet",
                table: "Devices",
                columns: new[] { "CustomerId", "SiteId" },
                filter: "\"SiteId\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Devices_CustomerId_SiteId",
                schema: "fleet",
                table: "Devices");

            migrationBuilder.CreateIndex(
                name: "IX_Devices_CustomerId_SiteId",
                schema: "fleet",
                table: "Devices",
                columns: new[] { "CustomerId", "SiteId" });
        }
    }
}
