/// Names the module until its first file lands.
package enum LocalWorkspaceModule {}
